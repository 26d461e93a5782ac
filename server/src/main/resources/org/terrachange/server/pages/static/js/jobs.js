// The buttons of the list of jobs. htmx keeps the list itself up to date.

import { remove } from "./api.js";
import { byId, note } from "./dom.js";

const jobs = byId("jobs");
let shown = null;
let pressed = false;

// A list that is put in place anew every two seconds takes the focus with it, and the click of who pressed a button
// of the old one. So it stays while nothing changes, and while a button is held; what has an id gets its focus back.
jobs.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event;
  if (!detail.shouldSwap) {
    return;
  }
  if (pressed || detail.serverResponse === shown) {
    detail.shouldSwap = false;
  } else {
    shown = detail.serverResponse;
  }
});
jobs.addEventListener("pointerdown", () => {
  pressed = true;
});
for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(kind, () => {
    pressed = false;
  });
}

jobs.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-remove]");
  if (button === null) {
    return;
  }
  button.disabled = true;
  try {
    await remove(`/jobs/${button.dataset.remove}`);
    byId("jobs-note").replaceChildren();
  } catch (problem) {
    byId("jobs-note").replaceChildren(note("problem", problem.message));
    button.disabled = false;
  }
  globalThis.htmx.trigger("#jobs", "refresh");
});
