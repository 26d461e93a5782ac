// What the histogram of the probability says at any threshold, exactly and at once.

/** The stored value of probability 1. */
export const FULL = 254;

/** The least stored value that counts as change at a threshold from 0 to 1, as in the mask among the files. */
export function firstChange(threshold) {
  return Math.min(FULL, Math.max(1, Math.ceil(threshold * FULL - 1e-9)));
}
const HIGH = 0.7;

/** @param view of a result, as the service describes it */
export function figuresOf(view) {
  const { histogram, truth_histogram: truth } = view;
  const valid = view.valid_pixels;
  let sum = 0;
  for (let value = 0; value <= FULL; value++) {
    sum += value * histogram[value];
  }
  const scene = { valid, mean: valid === 0 ? 0 : sum / valid / FULL };

  /** @param threshold stored value, 1 to 254, from which a pixel counts as changed */
  return (threshold) => {
    let pixels = 0;
    let total = 0;
    let high = 0;
    let hits = 0;
    let real = 0;
    for (let value = 0; value <= FULL; value++) {
      real += truth ? truth[value] : 0;
      if (value >= threshold) {
        pixels += histogram[value];
        total += value * histogram[value];
        high += value > HIGH * FULL ? histogram[value] : 0;
        hits += truth ? truth[value] : 0;
      }
    }
    return {
      ...scene,
      pixels,
      share: valid === 0 ? 0 : pixels / valid,
      area: view.pixel_area_m2 === undefined ? null : pixels * view.pixel_area_m2,
      mean_change: pixels === 0 ? null : total / pixels / FULL,
      high: pixels === 0 ? null : high / pixels,
      scores: truth ? scores(hits, pixels, real) : null,
    };
  };
}

/** Of the class change; null where nothing is marked or nothing is real. */
function scores(hits, marked, real) {
  const ratio = (a, b) => (b === 0 ? null : a / b);
  return {
    precision: ratio(hits, marked),
    recall: ratio(hits, real),
    f1: ratio(2 * hits, marked + real),
    iou: ratio(hits, marked + real - hits),
  };
}
