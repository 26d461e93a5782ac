// The buttons of the list of jobs. htmx keeps the list itself up to date.

import { remove } from "./api.js";
import { byId, note } from "./dom.js";

byId("jobs").addEventListener("click", async (event) => {
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
  }
  globalThis.htmx.trigger("#jobs", "refresh");
});
