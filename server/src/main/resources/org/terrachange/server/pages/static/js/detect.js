// Two images in, a detection under way.

import { getJson, postJson, startDetection, upload } from "./api.js";
import { byId, element, facts, note } from "./dom.js";
import { bytes, count, figure, percent } from "./format.js";

const sides = { before: side("before"), after: side("after") };
let checking = null;

function side(name) {
  const box = byId(`drop-${name}`);
  const input = box.querySelector("input[type=file]");
  const it = { name, box, image: null, transfer: null };
  input.addEventListener("change", () => {
    if (input.files.length > 0) {
      take(it, [...input.files]);
      input.value = "";
    }
  });
  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
  }
  box.addEventListener("dragleave", (event) => {
    if (!box.contains(event.relatedTarget)) {
      box.classList.remove("over");
    }
  });
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    take(it, [...event.dataTransfer.files]);
  });
  return it;
}

// A file dropped beside the targets must not replace the page.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => event.preventDefault());

/** Two files at once fill both sides, in the order of their names. */
function take(it, files) {
  if (files.length >= 2) {
    files.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    send(sides.before, files[0]);
    send(sides.after, files[1]);
  } else if (files.length === 1) {
    send(it, files[0]);
  }
}

async function send(it, file) {
  it.transfer?.cancel();
  set(it, null);
  it.box.classList.add("busy");
  const bar = it.box.querySelector("progress");
  const line = it.box.querySelector("[data-line]");
  bar.value = 0;
  line.textContent = `${file.name}, ${bytes(file.size)}`;
  const transfer = upload(file, (share) => {
    bar.value = share;
    line.textContent = share < 1 ? `${file.name}: ${percent(share, 0)} of ${bytes(file.size)}` : `${file.name}: looking at it`;
  });
  it.transfer = transfer;
  allowSwap();
  try {
    const image = await transfer.promise;
    if (it.transfer === transfer) {
      set(it, image);
    }
  } catch (problem) {
    if (it.transfer === transfer) {
      set(it, null);
      line.replaceChildren(note("problem", problem.message));
    }
  } finally {
    if (it.transfer === transfer) {
      it.transfer = null;
      it.box.classList.remove("busy");
      allowSwap();
    }
  }
}

/** While an image is on its way to a side, the sides keep their places: it would arrive at the wrong one. */
function allowSwap() {
  byId("swap").disabled = sides.before.transfer !== null || sides.after.transfer !== null;
}

/** Shows the image of one side, or that there is none; checks the pair once there are two. */
function set(it, image) {
  it.image = image;
  it.box.classList.toggle("filled", image !== null);
  const frame = it.box.querySelector("[data-frame]");
  const line = it.box.querySelector("[data-line]");
  if (image === null) {
    frame.replaceChildren(element("span", {}, "Drop an image here"));
    line.textContent = "PNG, JPEG, TIFF or GeoTIFF";
  } else {
    frame.replaceChildren(image.preview
      ? element("img", { src: image.preview, alt: `Preview of ${image.name}` })
      : element("span", {}, image.name));
    line.textContent = describe(image);
  }
  check();
}

function describe(image) {
  const parts = [image.name];
  if (image.width) {
    parts.push(`${count(image.width)} × ${count(image.height)} px`);
  }
  if (image.bands) {
    parts.push(`${image.bands} ${image.bands === 1 ? "band" : "bands"}`, image.sample_type);
  }
  parts.push(image.crs ?? (image.georeferenced === false ? "no place on the ground" : null));
  return parts.filter(Boolean).join(" · ");
}

async function check() {
  const understood = byId("understood");
  const start = byId("start");
  start.disabled = true;
  checking?.abort();
  const { before, after } = sides;
  if (!before.image || !after.image) {
    const missing = !before.image && !after.image ? "two images" : `the ${before.image ? "later" : "earlier"} image`;
    understood.replaceChildren(element("p.muted", {}, `Waiting for ${missing}.`));
    return;
  }
  const mine = new AbortController();
  checking = mine;
  understood.replaceChildren(element("p.muted", {}, "Looking at the pair…"));
  try {
    const { body } = await postJson("/pairs/check", { before: before.image.ref, after: after.image.ref });
    if (!mine.signal.aborted) {
      understood.replaceChildren(...account(body));
      start.disabled = false;
    }
  } catch (problem) {
    if (!mine.signal.aborted) {
      understood.replaceChildren(note("problem", problem.message));
    }
  }
}

/** What was understood of a pair, in words. */
function account({ before, after, grid, overlap, shift, notes }) {
  const size = (image) =>
    `${count(image.width)} × ${count(image.height)} px, ${image.bands} ${image.bands === 1 ? "band" : "bands"}, ${image.sample_type}`;
  const place = (image) => image.crs ?? "no coordinate reference system";
  const far = shift ? Math.hypot(shift.x, shift.y) : null;
  return [
    facts([
      ["Earlier image", size(before)],
      ["Later image", size(after)],
      ["On the ground", place(before) === place(after) ? place(before) : `${place(before)}; ${place(after)}`],
      ["Compared as", `${count(grid.width)} × ${count(grid.height)} px` +
        (grid.metres === undefined ? "" : ` of ${figure(grid.metres)} m`)],
      ["Overlap", overlap === undefined ? null : percent(overlap, overlap > 0.9995 ? 0 : 1)],
      ["Shift between them", far === null ? "could not be told" : far < 0.05
        ? "none"
        : `${far.toFixed(1)} px` + (shift.metres === undefined ? "" : ` (${figure(shift.metres)} m)`)],
    ], "left"),
    ...(notes ?? []).map((text) => note("caution", text)),
  ];
}

byId("swap").addEventListener("click", () => {
  const [earlier, later] = [sides.before.image, sides.after.image];
  sides.before.image = later;
  set(sides.after, earlier);
  set(sides.before, later);
});

byId("start").addEventListener("click", async () => {
  const start = byId("start");
  start.disabled = true;
  const inputs = { before: sides.before.image.ref, after: sides.after.image.ref };
  for (const [key, field] of [["threshold", "option-threshold"], ["min_area", "option-min-area"], ["simplify", "option-simplify"]]) {
    const value = byId(field).value.trim();
    if (value !== "") {
      inputs[key] = key === "simplify" ? `${value}px` : Number(value);
    }
  }
  for (const [key, field] of [["before_date", "option-before-date"], ["after_date", "option-after-date"]]) {
    if (byId(field).value) {
      inputs[key] = byId(field).value;
    }
  }
  try {
    location.assign(await startDetection(inputs));
  } catch (problem) {
    byId("start-problem").replaceChildren(note("problem", problem.status === 503
      ? `${problem.message} ${problem.retryAfter ? `Try again in ${problem.retryAfter} s.` : ""}`
      : problem.message));
    start.disabled = false;
  }
});

// Scenes that are at hand

async function showScenes() {
  const list = byId("scenes");
  try {
    const { scenes } = await getJson("/scenes");
    list.replaceChildren(...scenes.map((scene) =>
      element("button.scene", { type: "button", "data-scene": scene.id, onclick: () => choose(scene) },
        element("span.thumb", {}, scene.thumbnail
          ? element("img", { src: scene.thumbnail, alt: "", loading: "lazy", width: 300, height: 200 })
          : null),
        element("span", {}, scene.name))));
    byId("scenes-box").hidden = scenes.length === 0;
  } catch (problem) {
    list.replaceChildren(note("problem", problem.message));
  }
}

function choose(scene) {
  const image = (ref, name) =>
    ({ ref, name: `${scene.name}, ${name}`, preview: `/scenes/preview.png?size=640&image=${encodeURIComponent(ref)}` });
  for (const it of [sides.before, sides.after]) {
    it.transfer?.cancel();
    it.transfer = null;
    it.box.classList.remove("busy");
  }
  allowSwap();
  byId("option-before-date").value = scene.before_date ?? "";
  byId("option-after-date").value = scene.after_date ?? "";
  set(sides.before, image(scene.before, "before"));
  set(sides.after, image(scene.after, "after"));
  byId("understood").scrollIntoView({ block: "nearest" });
}

showScenes();
