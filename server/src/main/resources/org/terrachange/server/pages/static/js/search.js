// Changes of an archive, by words, by example, or both.

import { getJson } from "./api.js";
import { compare } from "./compare.js";
import { byId, element, note } from "./dom.js";
import { count, lonLat, percent, squareMetres } from "./format.js";
import { centreOf } from "./meridian.js";
import { createPlaces } from "./places.js";

const form = byId("search");
const fields = { q: byId("q"), not: byId("not"), from: byId("from"), to: byId("to"), bbox: byId("bbox") };
const minChange = byId("min-change");
let like = null;
let running = null;

const places = createPlaces(byId("where"), (box) => {
  fields.bbox.value = box.map((degrees) => degrees.toFixed(4)).join(",");
  draw(false);
});

function draw(on) {
  byId("bbox-draw").setAttribute("aria-pressed", String(on));
  places.setDrawing(on);
}

byId("bbox-draw").addEventListener("click", () => draw(byId("bbox-draw").getAttribute("aria-pressed") !== "true"));
byId("bbox-clear").addEventListener("click", () => {
  fields.bbox.value = "";
  places.showBox(null);
});
fields.bbox.addEventListener("change", () => places.showBox(boxOf(fields.bbox.value)));
form.querySelector("details").addEventListener("toggle", () => places.resize());
minChange.addEventListener("input", showMinChange);

function showMinChange() {
  byId("min-change-value").textContent = `${minChange.value} %`;
}

function boxOf(text) {
  const numbers = text.split(",").map(Number);
  return numbers.length === 4 && numbers.every(Number.isFinite) ? numbers : null;
}

function setLike(id) {
  like = id;
  byId("like-box").hidden = id === null;
  byId("like-name").textContent = id ?? "";
}

byId("like-clear").addEventListener("click", () => {
  setLike(null);
  if (fields.q.value.trim() !== "") {
    search(true);
  }
});

for (const chip of document.querySelectorAll("[data-example]")) {
  chip.addEventListener("click", () => {
    fields.q.value = chip.dataset.example;
    setLike(null);
    search(true);
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search(true);
});

function question() {
  const asked = new URLSearchParams();
  for (const [name, field] of Object.entries(fields)) {
    if (field.value.trim() !== "") {
      asked.set(name, field.value.trim());
    }
  }
  if (like !== null) {
    asked.set("like", like);
  }
  if (minChange.value !== "0") {
    asked.set("min_change", String(Number(minChange.value) / 100));
  }
  return asked;
}

/** @param remember whether the question becomes the address of the page */
async function search(remember) {
  const asked = question();
  if (!asked.has("q") && !asked.has("like")) {
    byId("answer").replaceChildren(note("caution", "Say what you look for, or pick one of the examples."));
    fields.q.focus();
    return;
  }
  if (remember) {
    history.pushState(null, "", `/search?${asked}`);
  }
  running?.abort();
  const mine = new AbortController();
  running = mine;
  byId("answer").replaceChildren(element("p.muted", {}, "Searching…"));
  byId("hits").setAttribute("aria-busy", "true");
  try {
    const answer = await getJson(`/search?f=json&${asked}`, mine.signal);
    show(answer, asked);
  } catch (problem) {
    if (!mine.signal.aborted) {
      byId("hits").replaceChildren();
      byId("answer").replaceChildren(note("problem", problem.message));
    }
  } finally {
    byId("hits").removeAttribute("aria-busy");
  }
}

function show(answer, asked) {
  const summary = element("p", {},
    `The ${count(answer.hits.length)} best of ${count(answer.searched)} changes. `,
    element("span.muted", {},
      "Scores compare hits of one question with each other, not with those of another; deviations tell how far a hit " +
      "stands above changes picked at random."));
  const exports = element("div.row", {},
    element("a.button", { href: `/search/hits.csv?${asked}`, download: "hits.csv" }, "CSV"),
    element("a.button", { href: `/search/hits.geojson?${asked}`, download: "hits.geojson" }, "GeoJSON"));
  if (answer.hits.length === 0) {
    byId("answer").replaceChildren(note("caution", "No change passes these filters."));
  } else {
    byId("answer").replaceChildren(
      ...answer.reservations.map((reservation) =>
        note("caution", `${reservation[0].toUpperCase()}${reservation.slice(1)}.`)),
      element("div.row.spread", {}, summary, exports));
  }
  const best = Math.max(...answer.hits.map((hit) => hit.deviations), 1);
  byId("hits").replaceChildren(...answer.hits.map((hit) => card(hit, best)));
  places.showHits(answer.hits);
}

function card(hit, best) {
  const views = {
    Wipe: () => compare(
      { src: hit.pictures.before, alt: `Hit ${hit.rank}, before`, label: "Before" },
      { src: hit.pictures.after, alt: `Hit ${hit.rank}, after`, label: "After" },
      `Hit ${hit.rank}`),
    Change: () => picture(hit.pictures.change, `Hit ${hit.rank}: what the detector marked`),
    Relevance: () => picture(hit.pictures.relevance, `Hit ${hit.rank}: orange where it answers the question`),
  };
  const stage = element("div", {}, views.Wipe());
  const modes = element("div.modes", { role: "group", "aria-label": `What hit ${hit.rank} shows` });
  for (const name of Object.keys(views)) {
    modes.append(element("button", {
      type: "button", "aria-pressed": String(name === "Wipe"),
      onclick: (event) => {
        stage.replaceChildren(views[name]());
        for (const other of modes.children) {
          other.setAttribute("aria-pressed", String(other === event.currentTarget));
        }
      },
    }, name));
  }
  const place = hit.footprint ? centreOf(hit.footprint) : null;
  const dates = [hit.before_date, hit.after_date].filter(Boolean).join(" to ");
  const area = hit.changed_area_m2 === undefined ? "" : `, ${squareMetres(hit.changed_area_m2)}`;
  return element("li.hit", {},
    stage,
    modes,
    element("div.row.spread", {},
      element("strong", {}, `${hit.rank}. ${hit.match ? "Match" : "Weak"}`),
      element("span.number", { title: "cosine, and deviations above changes picked at random" },
        `${hit.score.toFixed(3)} · ${hit.deviations >= 0 ? "+" : ""}${hit.deviations.toFixed(1)} dev.`)),
    meter(Math.max(0, hit.deviations) / best),
    element("div.small.muted", {},
      element("div", {}, `${percent(hit.changed_fraction)} changed${area}`),
      dates === "" ? null : element("div", {}, dates),
      place === null ? null : element("div.number", {}, lonLat(place)),
      element("div.wrap", {}, hit.id),
      ...hit.captions.slice(0, 2).map((caption) => element("div", {}, `“${caption}”`))),
    element("button", {
      type: "button",
      onclick: () => {
        fields.q.value = "";
        setLike(hit.id);
        search(true);
        scrollTo({ top: 0 });
      },
    }, "More like this"));
}

function picture(src, alt) {
  return element("div.picture", {}, element("img", { src, alt, decoding: "async" }));
}

function meter(share) {
  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    return made;
  };
  const bar = svg("svg", { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" });
  bar.append(svg("rect", { width: String(100 * share), height: "4", rx: "2" }));
  return element("div.meter", {}, bar);
}

/** Fills the form from the address of the page; searches if there is something to look for. */
function readAddress() {
  const asked = new URLSearchParams(location.search);
  for (const [name, field] of Object.entries(fields)) {
    field.value = asked.get(name) ?? "";
  }
  setLike(asked.get("like"));
  minChange.value = String(Math.round(100 * Number(asked.get("min_change") ?? 0)));
  showMinChange();
  places.showBox(boxOf(fields.bbox.value));
  if (asked.has("q") || asked.has("like")) {
    search(false);
  } else {
    byId("answer").replaceChildren();
    byId("hits").replaceChildren();
  }
}

addEventListener("popstate", readAddress);
readAddress();
