"use strict";
// The pages work without this. It shows what is under way as it goes on, and searches while one types.
const search = document.getElementById("search");
const running = document.getElementById("running");

// renew puts the part with an id of another answer of ours in the place of this page's.
async function renew(address, ids) {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const other = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ids) {
    const now = document.getElementById(id), next = other.getElementById(id);
    if (now && next) now.replaceWith(next);
  }
}

if (search) {
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    await new Promise((done) => setTimeout(done, 150));
    if (mine !== turn) return;
    const address = "/?" + new URLSearchParams([...new FormData(search)].filter(([, value]) => value !== ""));
    history.replaceState(null, "", address);
    await renew(address, ["list"]);
  };
  search.addEventListener("input", show);
}

if (running) {
  const events = new EventSource("/live");
  events.addEventListener("running", (event) => {
    if (search) running.innerHTML = event.data;
    else renew(location.href, ["running"]);
  });
  events.addEventListener("changed", () => {
    const chosen = document.querySelector("#list input:checked");
    if (search && !chosen) renew(location.href, ["list"]);
    else if (!search) location.reload();
  });
  addEventListener("pagehide", () => events.close());
}
