// The map of a result: both dates under a bar to wipe between them, and what the detector says on top.

import { FULL, firstChange } from "./figures.js";
import { mapToPixels, pixelsToMap } from "./ground.js";

const ol = globalThis.ol;

const MASK = [255, 47, 125];
const TRUTH = [64, 156, 255];

/** Stops of the heat map: probability, red, green, blue, opacity. The legend in the style sheet shows the same. */
const HEAT = [
  [0.0, 40, 11, 84, 0],
  [0.1, 40, 11, 84, 0.15],
  [0.3, 101, 21, 110, 0.6],
  [0.5, 187, 55, 84, 0.75],
  [0.75, 249, 142, 9, 0.9],
  [1.0, 252, 255, 164, 0.95],
];

function hasWebGl() {
  try {
    return document.createElement("canvas").getContext("webgl") !== null;
  } catch {
    return false;
  }
}

/** The stored value 0 to 254 of a pixel of the probability, in the language of WebGL styles. */
const STORED = ["*", ["band", 1], 255];

function heatStyle() {
  const stops = HEAT.flatMap(([p, r, g, b, a]) => [p * FULL, [r, g, b, a]]);
  return {
    color: ["case", ["<", ["band", 4], 0.5], [0, 0, 0, 0], ["interpolate", ["linear"], STORED, ...stops]],
  };
}

function maskStyle(threshold) {
  return {
    variables: { threshold },
    color: [
      "case",
      ["all", [">=", ["band", 4], 0.5], [">=", STORED, ["-", ["var", "threshold"], 0.5]]],
      [...MASK, 1],
      [0, 0, 0, 0],
    ],
  };
}

function truthStyle() {
  return { color: ["case", ["all", [">=", ["band", 4], 0.5], [">=", ["band", 1], 0.5]], [...TRUTH, 1], [0, 0, 0, 0]] };
}

function heatColour(value) {
  const p = value / FULL;
  const upper = Math.max(1, HEAT.findIndex((stop) => stop[0] >= p));
  const [from, to] = [HEAT[upper - 1], HEAT[upper]];
  const share = (p - from[0]) / (to[0] - from[0]);
  const mix = (i) => from[i] + share * (to[i] - from[i]);
  return [mix(1), mix(2), mix(3), 255 * mix(4)];
}

/** Without WebGL, tiles are coloured one by one as they arrive. */
function colouring(colour) {
  return async (tile, url) => {
    const image = tile.getImage();
    try {
      const response = await fetch(url);
      const bitmap = await createImageBitmap(await response.blob());
      const canvas = document.createElement("canvas");
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      const context = canvas.getContext("2d");
      context.drawImage(bitmap, 0, 0);
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < pixels.data.length; i += 4) {
        const rgba = pixels.data[i + 3] === 0 ? [0, 0, 0, 0] : colour(pixels.data[i]);
        pixels.data.set(rgba, i);
      }
      context.putImageData(pixels, 0, 0);
      image.src = canvas.toDataURL();
    } catch {
      tile.setState(3); // failed, in OpenLayers' numbering
    }
  };
}

/**
 * @param target element that holds the map
 * @param view of a result, as the service describes it
 * @param listeners {pointer: ({place, pixel}) => void, click: (pixel | null) => void}
 */
export function createMap(target, view, listeners) {
  const { tiles, width, height } = view;
  const onGround = tiles.scheme === "xyz";
  const webGl = hasWebGl();
  const projection = onGround
    ? ol.proj.get("EPSG:3857")
    : new ol.proj.Projection({ code: "pixels", units: "pixels", extent: tiles.extent });
  const resolutions = Array.from({ length: tiles.max_zoom + 1 }, (_, z) => 2 ** (tiles.max_zoom - z));
  const tileGrid = onGround
    ? ol.tilegrid.createXYZ({ minZoom: tiles.min_zoom, maxZoom: tiles.max_zoom, tileSize: tiles.tile_size })
    : new ol.tilegrid.TileGrid({ extent: tiles.extent, origin: [0, 0], resolutions, tileSize: tiles.tile_size });
  const toMap = pixelsToMap(view);
  const toPixels = mapToPixels(view);
  let threshold = firstChange(view.threshold);

  const source = (layer, options = {}) =>
    new ol.source.TileImage({
      projection,
      tileGrid,
      tileUrlFunction: ([z, x, y]) =>
        tiles.url.replace("{layer}", layer).replace("{z}", z).replace("{x}", x).replace("{y}", y),
      transition: 0,
      ...options,
    });
  const valueLayer = (kind, name, style, colour, options) =>
    webGl
      ? new ol.layer.WebGLTile({
          // A canvas of its own: clipping one layer must not touch another.
          className: `values-${kind}`, source: source(name, { interpolate: false }), style, extent: tiles.extent, ...options,
        })
      : new ol.layer.Tile({
          source: source(name, { interpolate: false, tileLoadFunction: colouring(colour) }),
          extent: tiles.extent, ...options,
        });

  const layers = {
    before: new ol.layer.Tile({ source: source("before"), extent: tiles.extent }),
    after: new ol.layer.Tile({ source: source("after"), extent: tiles.extent }),
    heat: valueLayer("heat", "probability", heatStyle(), heatColour, { opacity: 0.85, visible: false }),
    mask: valueLayer(
      "mask", "probability", maskStyle(threshold),
      (value) => (value >= threshold ? [...MASK, 255] : [0, 0, 0, 0]), { opacity: 0.45 }),
  };
  if (view.layers.includes("truth")) {
    layers.truth = valueLayer(
      "truth", "truth", truthStyle(), (value) => (value > 127 ? [...TRUTH, 255] : [0, 0, 0, 0]), { opacity: 0.55, visible: false });
  }
  const outline = (colour, stroke, fill) =>
    new ol.style.Style({
      stroke: new ol.style.Stroke({ color: colour, width: stroke }),
      fill: new ol.style.Fill({ color: fill }),
    });
  const thin = outline("#ff2f7d", 1.6, "#ffffff01");
  const chosen = [outline("#ffffff", 5, "#ffffff30"), outline("#d6006e", 2.5, "#ffffff01")];
  const shapes = new ol.source.Vector();
  let picked = null;
  layers.polygons = new ol.layer.Vector({
    source: shapes,
    style: (feature) => (feature.getId() === picked ? chosen : thin),
    updateWhileInteracting: true,
  });

  const map = new ol.Map({
    target,
    layers: Object.values(layers),
    controls: [
      new ol.control.Zoom({ zoomInTipLabel: "Zoom in", zoomOutTipLabel: "Zoom out" }),
      new ol.control.ZoomToExtent({ extent: tiles.extent, label: "⤢", tipLabel: "Show the whole scene" }),
      ...(onGround ? [new ol.control.ScaleLine()] : []),
    ],
    view: new ol.View({
      projection,
      // Far enough out to see the whole scene, far enough in to count pixels.
      minResolution: tileGrid.getResolution(tiles.max_zoom) / 16,
      maxResolution: Math.max(
        (tiles.extent[2] - tiles.extent[0]) / 200, (tiles.extent[3] - tiles.extent[1]) / 200),
      constrainOnlyCenter: true,
      extent: tiles.extent,
    }),
  });
  const whole = () => map.getView().fit(tiles.extent, { padding: [12, 12, 12, 12] });
  map.once("change:size", whole);
  if (map.getSize()) {
    whole();
  }

  // What lies to the right of the bar: the later date, or the detector's mask where it is compared with the truth.
  let cut = 0.5;
  const rightOfBar = new Set([layers.after]);
  const leftOfBar = new Set();
  for (const layer of [layers.after, layers.mask, ...(layers.truth ? [layers.truth] : [])]) {
    layer.on("prerender", (event) => clip(event, layer));
    layer.on("postrender", (event) => unclip(event, layer));
  }

  function side(layer) {
    return rightOfBar.has(layer) ? "right" : leftOfBar.has(layer) ? "left" : "both";
  }

  function clip(event, layer) {
    const where = side(layer);
    if (where === "both") {
      return;
    }
    const [across, down] = map.getSize();
    const [left, right] = where === "right" ? [cut * across, across] : [0, cut * across];
    const context = event.context;
    if (context instanceof CanvasRenderingContext2D) {
      const [from, to] = [ol.render.getRenderPixel(event, [left, 0]), ol.render.getRenderPixel(event, [right, down])];
      context.save();
      context.beginPath();
      context.rect(from[0], from[1], to[0] - from[0], to[1] - from[1]);
      context.clip();
    } else {
      const [from, to] = [ol.render.getRenderPixel(event, [left, down]), ol.render.getRenderPixel(event, [right, 0])];
      // The scissors would also keep what was drawn beyond them before.
      context.clearColor(0, 0, 0, 0);
      context.clear(context.COLOR_BUFFER_BIT);
      context.enable(context.SCISSOR_TEST);
      context.scissor(from[0], from[1], Math.max(0, to[0] - from[0]), Math.max(0, to[1] - from[1]));
    }
  }

  function unclip(event, layer) {
    if (side(layer) === "both") {
      return;
    }
    if (event.context instanceof CanvasRenderingContext2D) {
      event.context.restore();
    } else {
      event.context.disable(event.context.SCISSOR_TEST);
    }
  }

  map.on("pointermove", (event) => {
    if (event.dragging) {
      return;
    }
    const [x, y] = toPixels(event.coordinate);
    const within = x >= 0 && y >= 0 && x < width && y < height;
    listeners.pointer({
      place: onGround ? ol.proj.toLonLat(event.coordinate) : null,
      pixel: within ? [Math.floor(x), Math.floor(y)] : null,
    });
  });
  map.on("click", (event) => {
    const [x, y] = toPixels(event.coordinate);
    listeners.click(x >= 0 && y >= 0 && x < width && y < height ? [Math.floor(x), Math.floor(y)] : null);
  });

  return {
    layers,
    hasWebGl: webGl,
    setCut(share) {
      cut = share;
      map.render();
    },
    /** @param mode "dates", or "truth" for the truth to the left of the bar and the mask to the right */
    setComparison(mode) {
      rightOfBar.clear();
      leftOfBar.clear();
      if (mode === "truth") {
        leftOfBar.add(layers.truth);
        rightOfBar.add(layers.mask);
      } else {
        rightOfBar.add(layers.after);
      }
      map.render();
    },
    setThreshold(value) {
      threshold = value;
      if (webGl) {
        layers.mask.updateStyleVariables({ threshold: value });
      } else {
        layers.mask.getSource().refresh();
      }
    },
    /** Draws outlines, which are in pixels of a picture of the scene that is reduced by a factor. */
    setChanges(changes, factor) {
      picked = null;
      shapes.clear(true);
      shapes.addFeatures(changes.map((change, index) => {
        const rings = change.rings.map((flat) => {
          const ring = [];
          for (let i = 0; i < flat.length; i += 2) {
            ring.push(toMap(Math.min(flat[i] * factor, width), Math.min(flat[i + 1] * factor, height)));
          }
          ring.push(ring[0]);
          return ring;
        });
        const feature = new ol.Feature(new ol.geom.Polygon(rings));
        feature.setId(index);
        return feature;
      }));
    },
    /** Marks a change, and brings it into view if asked. */
    choose(index, show) {
      picked = index;
      layers.polygons.changed();
      const feature = index === null ? null : shapes.getFeatureById(index);
      if (feature && show) {
        const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
        map.getView().fit(feature.getGeometry().getExtent(), {
          padding: [90, 90, 90, 90], maxZoom: undefined, duration: still ? 0 : 250,
          minResolution: tileGrid.getResolution(tiles.max_zoom) / 2,
        });
      }
    },
    /** Where a change lies, for people. */
    placeOf(index) {
      const feature = shapes.getFeatureById(index);
      const middle = ol.extent.getCenter(feature.getGeometry().getExtent());
      return onGround ? { lonLat: ol.proj.toLonLat(middle) } : { pixel: [Math.round(middle[0]), Math.round(-middle[1])] };
    },
    showAll: whole,
  };
}
