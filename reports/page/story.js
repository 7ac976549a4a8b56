
// Stepping through the space-time diagram of the story: what is drawn, from left to right, one after another.

function listenStory() {
  const tools = byId("story-tools"), picture = byId("story-picture-title");
  if (!tools || !picture) return;
  const svg = picture.closest("svg"), steps = stepsOf(svg);
  let at = -1;
  const go = (to) => {
    if (steps[at]) steps[at].classList.remove("step-now");
    at = Math.min(Math.max(to, 0), steps.length - 1);
    if (!steps[at]) return;
    steps[at].classList.add("step-now");
    byId("story-step").textContent = `${at + 1} of ${steps.length}: ${steps[at].querySelector("title").textContent}`;
    keepInSight(svg.parentElement, svg, steps[at]);
  };
  tools.hidden = false;
  byId("story-next").addEventListener("click", () => go(at + 1));
  byId("story-before").addEventListener("click", () => go(at - 1));
  tools.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
}

// stepsOf are the shapes that say something, from left to right: time goes to the right.
function stepsOf(svg) {
  const told = [...svg.querySelectorAll("rect, path")].filter((shape) => shape.querySelector("title"));
  const places = new Map(told.map((shape) => [shape, shape.getBBox().x]));
  return told.sort((a, b) => places.get(a) - places.get(b));
}

// keepInSight scrolls a picture that is wider than the screen.
function keepInSight(scroller, svg, shape) {
  const box = shape.getBoundingClientRect(), room = scroller.getBoundingClientRect();
  if (box.left < room.left || box.right > room.right) scroller.scrollLeft += box.left - room.left - room.width / 3;
}
