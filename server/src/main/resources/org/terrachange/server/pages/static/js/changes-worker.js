// Turns the probability into separate changes at any threshold, off the thread that draws the page.
//
// Asked {url} first, it loads the picture and answers {ready, width, height}. Asked {request, threshold, minPixels},
// it answers with the connected groups of pixels (4-neighbourhood, as in the files) whose value reaches the threshold, the largest
// first, with their outlines along the edges of pixels. Asked {probe: [x, y], click},
// it answers {probed: value, change, click}: 255 where there is no value, -1 where no change.

const MISSING = 255;
const FULL = 254;
const OUTLINED = 1500;

let width = 0;
let height = 0;
let values = new Uint8Array(0);
let labels = new Int32Array(0);
let parents = new Int32Array(0);
/** The place of each group, by its label, in the last answer. */
let order = new Int32Array(0);
let topEdges = new Uint8Array(0);

addEventListener("message", async ({ data }) => {
  if (data.url) {
    try {
      await load(data.url);
      postMessage({ ready: true, width, height });
    } catch (error) {
      postMessage({ failed: String(error?.message ?? error) });
    }
  } else if (data.probe) {
    const [x, y] = data.probe;
    const at = x < width && y < height ? y * width + x : null;
    const change = at === null || labels[at] === 0 ? -1 : (order[labels[at]] ?? -1);
    postMessage({ probed: at === null ? MISSING : values[at], change, click: data.click });
  } else {
    postMessage({ request: data.request, ...changes(data.threshold, data.minPixels) });
  }
});

async function load(url) {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`the probability cannot be loaded (${response.status})`);
  }
  const bitmap = await createImageBitmap(await response.blob(), {
    premultiplyAlpha: "none", colorSpaceConversion: "none",
  });
  width = bitmap.width;
  height = bitmap.height;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, width, height).data;
  values = new Uint8Array(width * height);
  for (let i = 0; i < values.length; i++) {
    values[i] = pixels[4 * i + 3] === 0 ? MISSING : pixels[4 * i];
  }
  labels = new Int32Array(values.length);
  topEdges = new Uint8Array(values.length);
  parents = new Int32Array(Math.ceil(values.length / 2) + 2);
}

function root(label) {
  while (parents[label] !== label) {
    parents[label] = parents[parents[label]];
    label = parents[label];
  }
  return label;
}

function unite(a, b) {
  const first = root(a);
  const second = root(b);
  if (first < second) {
    parents[second] = first;
  } else {
    parents[first] = second;
  }
  return Math.min(first, second);
}

/** Labels every changed pixel with the number of its group, from 1; returns how many labels were given out. */
function label(threshold) {
  let next = 1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = values[i];
      if (value < threshold || value === MISSING) {
        labels[i] = 0;
        continue;
      }
      const left = x > 0 ? labels[i - 1] : 0;
      const above = y > 0 ? labels[i - width] : 0;
      let own = left || above;
      if (own === 0) {
        parents[next] = next;
        own = next++;
      } else if (left !== 0 && above !== 0) {
        own = unite(left, above);
      }
      labels[i] = own;
    }
  }
  return next;
}

function changes(threshold, minPixels) {
  const given = label(threshold);
  const numbers = new Int32Array(given);
  const found = [];
  for (let i = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (labels[i] === 0) {
        continue;
      }
      const at = root(labels[i]);
      labels[i] = at;
      if (numbers[at] === 0) {
        found.push({ label: at, pixels: 0, sum: 0, left: x, top: y, right: x, bottom: y });
        numbers[at] = found.length;
      }
      const change = found[numbers[at] - 1];
      change.pixels++;
      change.sum += values[i];
      change.left = Math.min(change.left, x);
      change.right = Math.max(change.right, x);
      change.bottom = y;
    }
  }
  const kept = found.filter((change) => change.pixels >= minPixels).sort((a, b) => b.pixels - a.pixels);
  order = new Int32Array(given).fill(-1);
  kept.slice(0, OUTLINED).forEach((change, index) => {
    order[change.label] = index;
  });
  topEdges.fill(0);
  return {
    count: kept.length,
    pixels: kept.reduce((sum, change) => sum + change.pixels, 0),
    changes: kept.slice(0, OUTLINED).map((change) => ({
      pixels: change.pixels,
      confidence: change.sum / change.pixels / FULL,
      box: [change.left, change.top, change.right + 1, change.bottom + 1],
      rings: outlines(change),
    })),
  };
}

/** The outer ring first, then holes; flat arrays x, y, x, y, ... in pixels, not closed. */
function outlines(change) {
  const rings = [];
  for (let y = change.top; y <= change.bottom; y++) {
    for (let x = change.left; x <= change.right; x++) {
      const i = y * width + x;
      if (labels[i] === change.label && topEdges[i] === 0 && !inside(x, y - 1, change.label)) {
        rings.push(trace(x, y, change.label));
      }
    }
  }
  return rings;
}

function inside(x, y, wanted) {
  return x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x] === wanted;
}

// Directions east, south, west, north: the step to the next corner, and the pixels ahead to the left and right.
const STEP_X = [1, 0, -1, 0];
const STEP_Y = [0, 1, 0, -1];
const LEFT_X = [0, 0, -1, -1];
const LEFT_Y = [-1, 0, 0, -1];
const RIGHT_X = [0, -1, -1, 0];
const RIGHT_Y = [0, 0, -1, -1];

/** Walks along the upper edge of a pixel with the group to the right until it is back there. */
function trace(startX, startY, wanted) {
  const ring = [];
  let x = startX;
  let y = startY;
  let direction = 0;
  do {
    if (direction === 0) {
      topEdges[y * width + x] = 1;
    }
    x += STEP_X[direction];
    y += STEP_Y[direction];
    let turned = direction;
    if (inside(x + LEFT_X[direction], y + LEFT_Y[direction], wanted)) {
      turned = (direction + 3) % 4;
    } else if (!inside(x + RIGHT_X[direction], y + RIGHT_Y[direction], wanted)) {
      turned = (direction + 1) % 4;
    }
    if (turned !== direction) {
      ring.push(x, y);
      direction = turned;
    }
  } while (x !== startX || y !== startY || direction !== 0);
  return ring;
}
