import { element } from "./dom.js";

/**
 * Two pictures of equal size on top of each other, with a bar to wipe between them. The bar is a slider, so that
 * arrow keys move it.
 * @param first and second: {src, alt, label}
 */
export function compare(first, second, what) {
  const over = element("img.over", { src: second.src, alt: second.alt, loading: "lazy", decoding: "async" });
  const slider = element("input", {
    type: "range", min: "0", max: "100", value: "50", step: "1",
    "aria-label": `${what}: ${first.label} to the left of this percentage, ${second.label} to the right`,
  });
  const box = element(
    "div.compare", {},
    element("img", { src: first.src, alt: first.alt, loading: "lazy", decoding: "async" }),
    over,
    element("div.bar"),
    slider,
    element("span.badge.first", { "aria-hidden": "true" }, first.label),
    element("span.badge.second", { "aria-hidden": "true" }, second.label));
  slider.addEventListener("input", () => box.style.setProperty("--cut", `${slider.value}%`));
  return box;
}
