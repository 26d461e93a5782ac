// The result of a detection: map, threshold, figures, list of changes, downloads.

import { byId, element, note } from "./dom.js";
import { FULL, figuresOf, firstChange } from "./figures.js";
import { bytes, count, hectares, lonLat, percent, squareMetres } from "./format.js";
import { createMap } from "./map.js";

const LISTED = 300;
const PICTURE = 2048;

/**
 * @param view of a result, as the service describes it
 * @param products its files: {name: {href, title, length}}
 */
export function showResult(view, products) {
  const atThreshold = figuresOf(view);
  const slider = byId("threshold");
  const start = firstChange(view.threshold);
  let threshold = start;
  let changes = [];
  let factor = 1;
  let picked = null;

  const map = createMap(byId("map"), view, {
    pointer: ({ place, pixel }) => {
      byId("place").textContent = place ? lonLat(place) : pixel ? `column ${pixel[0]}, row ${pixel[1]}` : "";
      if (pixel && ready) {
        probe(pixel, false);
      } else {
        byId("probability").textContent = "";
      }
    },
    click: (pixel) => {
      if (pixel && ready) {
        probe(pixel, true);
      } else {
        choose(null, false);
      }
    },
  });

  /** Asks the worker what lies at a pixel of the scene. */
  function probe(pixel, click) {
    worker.postMessage({ probe: pixel.map((at) => Math.floor(at / factor)), click });
  }

  // Threshold and figures

  function showFigures() {
    const now = atThreshold(threshold);
    const probability = threshold / FULL;
    byId("threshold-value").textContent = probability.toFixed(2);
    slider.setAttribute("aria-valuetext", `probability ${probability.toFixed(2)}`);
    byId("figure-area").replaceChildren(
      now.area === null ? `${count(now.pixels)} px` : squareMetres(now.area),
      element("small", {}, now.area === null ? "all changed pixels" : `${hectares(now.area)}, all changed pixels`));
    byId("figure-share").replaceChildren(
      percent(now.share, 2), element("small", {}, `of ${count(now.valid)} valid pixels`));
    byId("figure-mean").replaceChildren(
      now.mean_change === null ? "–" : now.mean_change.toFixed(2), element("small", {}, "over changed pixels"));
    byId("figure-high").replaceChildren(
      now.high === null ? "–" : percent(now.high, 0), element("small", {}, "of changed pixels above 0.7"));
    byId("scene-mean").textContent = now.mean.toFixed(3);
    if (now.scores) {
      for (const [name, value] of Object.entries(now.scores)) {
        byId(`score-${name}`).textContent = value === null ? "–" : percent(value, 1);
      }
    }
    byId("histogram-mark").setAttribute("x", String(threshold));
    byId("reset-threshold").disabled = threshold === start;
  }

  byId("reset-threshold").textContent = `Back to ${view.threshold.toFixed(2)}`;
  slider.value = String(start);
  slider.addEventListener("input", () => {
    threshold = Number(slider.value);
    map.setThreshold(threshold);
    showFigures();
    askForChanges();
  });
  byId("reset-threshold").addEventListener("click", () => {
    slider.value = String(start);
    slider.dispatchEvent(new Event("input"));
  });

  // Separate changes, found by a worker: only the newest question counts

  const worker = new Worker(new URL("./changes-worker.js", import.meta.url), { type: "module" });
  let ready = false;
  let busy = false;
  let asked = 0;
  let waiting = false;

  function askForChanges() {
    waiting = true;
    if (!ready || busy) {
      return;
    }
    waiting = false;
    busy = true;
    const pixelArea = view.pixel_area_m2 ?? 1;
    worker.postMessage({
      request: ++asked,
      threshold,
      minPixels: Math.max(1, Math.ceil(view.min_area / (pixelArea * factor * factor) - 1e-9)),
    });
  }

  worker.addEventListener("message", ({ data }) => {
    if (data.failed) {
      byId("changes-note").replaceChildren(note("problem", `The list of changes is missing: ${data.failed}.`));
      return;
    }
    if (data.probed !== undefined) {
      byId("probability").textContent =
        data.probed > FULL ? "no data here" : `probability of change ${(data.probed / FULL).toFixed(2)}`;
      byId("map").classList.toggle("over-change", data.change >= 0);
      if (data.click) {
        choose(data.change >= 0 && !busy ? data.change : null, false);
      }
      return;
    }
    if (data.ready) {
      ready = true;
      factor = 2 ** Math.round(Math.log2(view.width / data.width));
      if (factor > 1) {
        byId("changes-note").textContent =
          `This list is a preview at 1/${factor} of the resolution; the downloads are exact.`;
      }
      askForChanges();
      return;
    }
    busy = false;
    changes = data.changes;
    map.setChanges(changes, factor);
    choose(null, false);
    showChanges(data);
    if (waiting) {
      askForChanges();
    }
  });
  worker.postMessage({ url: new URL(`/jobs/${view.job}/probability.png?size=${PICTURE}`, location.href).href });

  function areaOf(change) {
    const pixels = change.pixels * factor * factor;
    return view.pixel_area_m2 === undefined ? `${count(pixels)} px` : squareMetres(pixels * view.pixel_area_m2);
  }

  function showChanges(data) {
    byId("figure-count").replaceChildren(
      count(data.count),
      element("small", {}, view.min_area > 0
        ? `of at least ${view.pixel_area_m2 === undefined ? `${count(view.min_area)} px` : squareMetres(view.min_area)}`
        : "separate areas"));
    const rows = changes.slice(0, LISTED).map((change, index) =>
      element("li", {},
        element("button", {
          type: "button", "data-index": index, "aria-pressed": "false",
          onclick: () => choose(index, true),
        },
        element("span.muted", {}, String(index + 1)),
        element("span", {}, areaOf(change)),
        element("span.muted", {}, change.confidence.toFixed(2)))));
    byId("changes-list").replaceChildren(...rows);
    byId("changes-more").textContent = data.count > rows.length
      ? `The ${count(rows.length)} largest of ${count(data.count)}. The downloads hold all of them.`
      : data.count === 0 ? "No change reaches this threshold." : "";
  }

  function choose(index, show) {
    picked = index;
    map.choose(index, show);
    for (const button of byId("changes-list").querySelectorAll("button")) {
      const mine = Number(button.dataset.index) === index;
      button.setAttribute("aria-pressed", String(mine));
      if (mine && !show) {
        // Within the list only: the page must not move under a finger on the map.
        const list = byId("changes-list").parentElement;
        list.scrollTop = button.offsetTop - list.clientHeight / 2;
      }
    }
    const box = byId("picked");
    if (index === null) {
      box.replaceChildren(element("span.muted", {}, "Click an outline on the map or a line of the list."));
      return;
    }
    const change = changes[index];
    const place = map.placeOf(index);
    box.replaceChildren(
      element("strong", {}, `Change ${index + 1}: ${areaOf(change)}`),
      ` at confidence ${change.confidence.toFixed(2)}, `,
      element("span.number", {}, place.lonLat
        ? lonLat(place.lonLat)
        : `column ${place.pixel[0]}, row ${place.pixel[1]}`));
  }

  // Bar between the dates

  const bar = byId("swipe");
  let cut = 50;

  function moveBar(percentage) {
    cut = Math.min(100, Math.max(0, percentage));
    bar.style.left = `${cut}%`;
    bar.setAttribute("aria-valuenow", String(Math.round(cut)));
    map.setCut(cut / 100);
  }

  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener("pointermove", (event) => {
    if (bar.hasPointerCapture(event.pointerId)) {
      const frame = byId("map").getBoundingClientRect();
      moveBar((100 * (event.clientX - frame.left)) / frame.width);
    }
  });
  bar.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10 };
    const to = { Home: 0, End: 100 }[event.key] ?? (event.key in steps ? cut + steps[event.key] : null);
    if (to !== null) {
      event.preventDefault();
      moveBar(to);
    }
  });

  // Layers

  for (const row of document.querySelectorAll("[data-layer]")) {
    const layer = map.layers[row.dataset.layer];
    if (!layer) {
      row.hidden = true;
      continue;
    }
    row.hidden = false;
    const shown = row.querySelector("input[type=checkbox]");
    const opacity = row.querySelector("input[type=range]");
    shown.checked = layer.getVisible();
    opacity.value = String(Math.round(100 * layer.getOpacity()));
    shown.addEventListener("change", () => {
      layer.setVisible(shown.checked);
      // Mixed colours would mean neither: whichever is switched on takes the other's place.
      const other = { heat: "mask", mask: "heat" }[row.dataset.layer];
      if (shown.checked && other) {
        byId(`layer-${other}`).checked = false;
        map.layers[other].setVisible(false);
      }
    });
    opacity.addEventListener("input", () => layer.setOpacity(Number(opacity.value) / 100));
  }

  // Truth, where it is known

  if (view.layers.includes("truth") && view.truth_histogram) {
    byId("truth").hidden = false;
    const toggle = byId("compare-truth");
    const set = (on) => {
      toggle.setAttribute("aria-pressed", String(on));
      map.setComparison(on ? "truth" : "dates");
      byId("tag-first").textContent = on ? "What really changed" : "Before";
      byId("tag-second").textContent = on ? "What was detected" : "After";
      const row = document.querySelector('[data-layer="truth"] input[type=checkbox]');
      row.checked = on;
      map.layers.truth.setVisible(on);
    };
    toggle.addEventListener("click", () => set(toggle.getAttribute("aria-pressed") !== "true"));
  }

  // Downloads and what is worth knowing

  byId("downloads").replaceChildren(...Object.values(products).map((product) => {
    const name = product.href.split("/").pop();
    return element("li", {},
      element("div", {},
        element("a", { href: `${product.href}?download`, download: name }, name),
        element("div.small.muted", {}, product.title)),
      element("span.muted.small", {}, bytes(product.length)));
  }));
  const remarks = view.summary.alignment.warnings;
  byId("remarks").replaceChildren(...remarks.map((text) => element("li", {}, text)));
  byId("remarks-box").hidden = remarks.length === 0;
  byId("report").href = products.report.href;

  drawHistogram(view.histogram);
  showFigures();
  if (!map.hasWebGl) {
    byId("map-note").textContent = "Without WebGL in this browser the mask follows the threshold a little later.";
  }
}

/** Bars over the 255 stored values, by the logarithm of their counts: nearly all pixels lie at the very left. */
function drawHistogram(histogram) {
  const counts = histogram.slice(0, FULL + 1);
  const highest = Math.log1p(Math.max(1, ...counts));
  const path = counts
    .map((pixels, value) => `M${value} 60V${(60 - (58 * Math.log1p(pixels)) / highest).toFixed(1)}`)
    .join("");
  byId("histogram-bars").setAttribute("d", path);
}
