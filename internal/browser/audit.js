// What keeps people from reading or using a page, as a list: controls and pictures without a name, ids that are there twice,
// headings that leave out a level, text whose contrast with what it stands on is less than WCAG 2.2 asks for, an order of focus
// other than that of the page, what scrolls and is not reached by keyboard, tables without headings.
() => {
  const problems = [];
  const report = (problem, one) => problems.push(`${problem}: ${one.tagName.toLowerCase()}${one.id ? "#" + one.id : ""} ${one.textContent.slice(0, 40)}`);
  const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());

  // named is the name that is read out.
  function named(one) {
    const by = (one.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent || "").join("");
    const labels = [...(one.labels || [])].map((label) => label.textContent).join("");
    const own = ["BUTTON", "A", "SUMMARY", "OUTPUT"].includes(one.tagName) ? one.textContent : "";
    return (one.getAttribute("aria-label") || by || labels || own).trim();
  }

  function ids() {
    const seen = new Set();
    for (const one of document.querySelectorAll("[id]")) {
      if (seen.has(one.id)) report("twice", one);
      seen.add(one.id);
    }
    for (const attribute of ["aria-labelledby", "aria-activedescendant", "aria-controls"]) {
      for (const one of document.querySelectorAll(`[${attribute}]`)) {
        for (const id of one.getAttribute(attribute).split(" ")) if (!document.getElementById(id)) report("refers to nothing", one);
      }
    }
  }

  function names() {
    for (const one of all("button, input, select, a, summary, [role=img], [role=toolbar], [role=group], [role=listbox], [tabindex]")) {
      if (!named(one)) report("no name", one);
    }
    if (!document.documentElement.lang || !document.title) report("no language or title", document.documentElement);
  }

  function headings() {
    let level = 0;
    for (const one of all("h1, h2, h3, h4, h5, h6")) {
      const its = Number(one.tagName[1]);
      if (its > level + 1) report("leaves out a level", one);
      level = its;
    }
    if (document.querySelectorAll("h1").length !== 1) report("not one h1", document.body);
    for (const one of all("table")) if (!one.querySelector("th")) report("no headings", one);
  }

  function keyboard() {
    for (const one of document.querySelectorAll("[tabindex]")) if (one.tabIndex > 0) report("order of focus", one);
    for (const one of all("body *")) {
      const style = getComputedStyle(one);
      const more = one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
      const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY) && more;
      if (scrolls && one.tabIndex < 0 && !one.querySelector("button, a, input")) report("scrolls by mouse alone", one);
    }
  }

  function parts(color) {
    const numbers = color.match(/[\d.]+/g).map(Number);
    return numbers.length < 4 ? [...numbers, 1] : numbers;
  }

  // behind is the colour that an element stands on, through all that is transparent.
  function behind(one) {
    let color = [0, 0, 0, 0];
    for (let at = one; at && color[3] < 1; at = at.parentElement) {
      const next = parts(getComputedStyle(at).backgroundColor), left = (1 - color[3]) * next[3];
      color = [0, 1, 2].map((i) => color[i] + next[i] * left).concat(color[3] + left);
    }
    return color;
  }

  function luminance(color) {
    const linear = color.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722;
  }

  function contrasts() {
    for (const one of all("body *")) {
      if (one.closest("svg") || ![...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
      const style = getComputedStyle(one), size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
      const front = luminance(parts(style.color)), back = luminance(behind(one));
      const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      if (contrast < (large ? 3 : 4.5)) report("contrast " + contrast.toFixed(2), one);
    }
  }

  ids();
  names();
  headings();
  keyboard();
  contrasts();
  return problems.slice(0, 20).join("\n");
}
