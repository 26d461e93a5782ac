// The page of one job, from waiting to result.

import { FINISHED, follow, getJson, remove } from "./api.js";
import { byId, note } from "./dom.js";
import { duration } from "./format.js";

const page = byId("job");
const id = page.dataset.job;

const WORDS = {
  accepted: "Waiting in the queue",
  running: "Running",
  successful: "Done",
  failed: "Failed",
  dismissed: "Cancelled",
};

function show(status) {
  byId("job-state").textContent = WORDS[status.status] ?? status.status;
  byId("job-state").className = `state ${status.status}`;
  if (status.title) {
    byId("job-title").textContent = status.title;
    document.title = `${status.title} · TerraChange`;
  }
  const progress = status.status === "successful" ? 100 : (status.progress ?? 0);
  byId("job-percent").textContent = `${Math.floor(progress)} %`;
  byId("job-bar").value = progress;
  byId("job-message").textContent = sentence(status.message ?? "");
  byId("job-left").textContent =
    status.status === "running" && status.seconds_left !== undefined
      ? `about ${duration(status.seconds_left)} left`
      : "";
  if (FINISHED.includes(status.status)) {
    finish(status);
  }
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

let finished = false;

async function finish(status) {
  if (finished) {
    return;
  }
  finished = true;
  byId("job-cancel").hidden = true;
  if (status.status === "successful") {
    await showResult();
  } else {
    byId("job-outcome").replaceChildren(
      note(status.status === "failed" ? "problem" : "caution",
        status.status === "failed" ? sentence(status.message ?? "The detection failed.") : "This detection was cancelled."));
    byId("job-again").hidden = false;
  }
}

async function showResult() {
  try {
    const [view, products, { showResult }] = await Promise.all([
      getJson(`/jobs/${id}/view`), getJson(`/jobs/${id}/results`), import("./result.js"),
    ]);
    byId("job-running").hidden = true;
    byId("result").hidden = false;
    showResult(view, products);
    byId("result").dataset.ready = "true";
  } catch (problem) {
    byId("job-outcome").replaceChildren(note("problem", problem.message));
  }
}

byId("job-cancel").addEventListener("click", async () => {
  byId("job-cancel").disabled = true;
  try {
    await remove(`/jobs/${id}`);
  } catch (problem) {
    byId("job-outcome").replaceChildren(note("problem", problem.message));
    byId("job-cancel").disabled = false;
  }
});

byId("job-link").addEventListener("click", async () => {
  const button = byId("job-link");
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = "Link copied";
  } catch {
    button.textContent = location.href; // to be copied by hand
  }
});

try {
  const status = await getJson(`/jobs/${id}`);
  show(status);
  if (!FINISHED.includes(status.status)) {
    follow(`/jobs/${id}`, show, () => {
      byId("job-message").textContent = "The connection to the server is lost; trying again.";
    });
  }
} catch (problem) {
  byId("job-outcome").replaceChildren(note("problem", problem.message));
}
