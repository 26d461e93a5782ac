// Scenes whose truth is known, and how a detection over them does.

import { FINISHED, follow, getJson, startDetection } from "./api.js";
import { compare } from "./compare.js";
import { byId, element, note } from "./dom.js";
import { figuresOf, firstChange } from "./figures.js";
import { percent } from "./format.js";

const PICTURE = 512;
const STATES = {
  none: "This server was started without example scenes.",
  making: "Example scenes are still being made. This takes a few seconds after the first start.",
  failed: "Some example scenes could not be made. The server's log says why.",
};

/** Cards by scene, so that one whose detection is under way stays when others join it. */
const cards = new Map();

async function start() {
  try {
    const [{ scenes, samples }, { jobs }] = await Promise.all([
      getJson("/scenes"), getJson("/jobs?limit=200&status=successful"),
    ]);
    for (const scene of scenes.filter((each) => each.truth && !cards.has(each.id))) {
      const card = cardOf(scene);
      cards.set(scene.id, card);
      byId("examples").append(card.item);
      const job = jobs.find((each) => each.title === titleOf(scene));
      if (job) {
        card.show(job.jobID);
      }
    }
    const said = STATES[samples];
    byId("examples-note").replaceChildren(...(said ? [note("caution", said)] : []));
    if (samples === "making") {
      setTimeout(start, 2000);
    }
  } catch (problem) {
    byId("examples-note").replaceChildren(note("problem", problem.message));
  }
}

function titleOf(scene) {
  return `Example: ${scene.name}`;
}

function cardOf(scene) {
  const stage = element("div.compare", {},
    scene.thumbnail ? element("img", { src: scene.thumbnail, alt: `${scene.name}: the later date` }) : null);
  const scores = element("div.scores.stack.tight", { "aria-live": "polite" },
    element("p.muted.small", {}, "Not run yet on this machine."));
  const run = element("button.primary", { type: "button", onclick: begin }, "Detect and compare");
  const actions = element("div.row", {}, run);
  const item = element("li.example.card.stack", {}, element("h2", {}, scene.name), stage, scores, actions);

  async function begin() {
    run.disabled = true;
    try {
      const path = await startDetection({
        before: scene.before, after: scene.after, title: titleOf(scene), min_area: 10,
      });
      watch(path);
    } catch (problem) {
      scores.replaceChildren(note("problem", problem.message));
      run.disabled = false;
    }
  }

  function watch(path) {
    const bar = element("progress", { max: "100", value: "0", "aria-label": `Detection over ${scene.name}` });
    const line = element("p.muted.small", {}, "Waiting in the queue");
    scores.replaceChildren(bar, line);
    follow(path, (status) => {
      bar.value = status.progress ?? 0;
      line.textContent = status.message ?? "";
      if (status.status === "successful") {
        show(path.split("/").pop());
      } else if (FINISHED.includes(status.status)) {
        scores.replaceChildren(note("problem", status.message ?? "The detection did not finish."));
        run.disabled = false;
      }
    }, () => {
      line.textContent = "The connection to the server is lost; trying again.";
    });
  }

  async function show(job) {
    try {
      const view = await getJson(`/jobs/${job}/view`);
      const at = figuresOf(view)(firstChange(view.threshold));
      scores.replaceChildren(element("dl.figures", {}, ...Object.entries({
        Precision: at.scores.precision, Recall: at.scores.recall, F1: at.scores.f1, IoU: at.scores.iou,
      }).map(([name, value]) =>
        element("div.figure", {}, element("dt", {}, name), element("dd", {}, value === null ? "–" : percent(value))))));
      const [truth, detected] = ["truth", "detected"].map((what) => `/jobs/${job}/pictures/${what}.png?size=${PICTURE}`);
      stage.replaceWith(compare(
        { src: truth, alt: `${scene.name}: what really changed`, label: "Truth" },
        { src: detected, alt: `${scene.name}: what was detected`, label: "Detected" },
        scene.name));
      actions.replaceChildren(element("a.button", { href: `/jobs/${job}` }, "Open the result"));
    } catch (problem) {
      scores.replaceChildren(note("problem", problem.message));
    }
  }

  return { item, show };
}

start();
