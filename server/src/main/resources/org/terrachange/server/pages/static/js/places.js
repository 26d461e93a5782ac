// A small map without a background: a net of meridians and parallels, the places found, and a box to search in.

import { joined } from "./meridian.js";

const ol = globalThis.ol;

/** @param onBox called with west, south, east, north when a box was drawn */
export function createPlaces(target, onBox) {
  const found = new ol.source.Vector();
  const chosen = new ol.source.Vector();
  const style = (colour, width, fill) =>
    new ol.style.Style({ stroke: new ol.style.Stroke({ color: colour, width }), fill: new ol.style.Fill({ color: fill }) });
  const marks = new ol.style.Style({
    image: new ol.style.Circle({ radius: 4, fill: new ol.style.Fill({ color: "#ff2f7d" }) }),
    geometry: (feature) => new ol.geom.Point(ol.extent.getCenter(feature.getGeometry().getExtent())),
  });
  const map = new ol.Map({
    target,
    controls: [new ol.control.Zoom()],
    layers: [
      new ol.layer.Graticule({
        strokeStyle: new ol.style.Stroke({ color: "#8a929988", width: 1 }), showLabels: true, wrapX: false,
        lonLabelStyle: new ol.style.Text({ font: "11px sans-serif", fill: new ol.style.Fill({ color: "#8a9299" }) }),
        latLabelStyle: new ol.style.Text({ font: "11px sans-serif", fill: new ol.style.Fill({ color: "#8a9299" }) }),
      }),
      new ol.layer.Vector({ source: found, style: [style("#ff2f7d", 2, "#ff2f7d30"), marks] }),
      new ol.layer.Vector({ source: chosen, style: style("#0a8f88", 2.5, "#0a8f8820") }),
    ],
    view: new ol.View({ center: ol.proj.fromLonLat([10, 40]), zoom: 1 }),
  });

  let drawing = false;
  const box = new ol.interaction.DragBox({
    condition: (event) => drawing || ol.events.condition.shiftKeyOnly(event),
  });
  // Shift zooms otherwise; here it chooses.
  map.getInteractions().forEach((interaction) => {
    if (interaction instanceof ol.interaction.DragZoom) {
      interaction.setActive(false);
    }
  });
  map.addInteraction(box);
  box.on("boxend", () => {
    const extent = ol.proj.transformExtent(box.getGeometry().getExtent(), "EPSG:3857", "EPSG:4326");
    const within = [
      Math.max(-180, extent[0]), Math.max(-90, extent[1]), Math.min(180, extent[2]), Math.min(90, extent[3]),
    ];
    showBox(within);
    onBox(within);
  });

  function showBox(degrees) {
    chosen.clear();
    if (degrees !== null) {
      chosen.addFeature(new ol.Feature(
        ol.geom.Polygon.fromExtent(ol.proj.transformExtent(degrees, "EPSG:4326", "EPSG:3857"))));
    }
  }

  return {
    showBox,
    setDrawing(on) {
      drawing = on;
      target.classList.toggle("choosing", on);
    },
    showHits(hits) {
      const format = new ol.format.WKT();
      found.clear();
      for (const hit of hits) {
        if (hit.footprint) {
          found.addFeature(new ol.Feature(joined(format.readGeometry(hit.footprint)).transform("EPSG:4326", "EPSG:3857")));
        }
      }
      if (!found.isEmpty() && map.getSize()) {
        map.getView().fit(found.getExtent(), { padding: [24, 24, 24, 24], maxZoom: 15 });
      }
    },
    resize() {
      map.updateSize();
      if (!found.isEmpty()) {
        map.getView().fit(found.getExtent(), { padding: [24, 24, 24, 24], maxZoom: 15 });
      }
    },
  };
}
