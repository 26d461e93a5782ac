// Places on both sides of the 180th meridian, where outlines are cut and longitudes start anew.

const FULL_TURN = 360;

/** Longitudes that run on beyond 180 where they would otherwise lie at both ends of the world. */
function unbroken(longitudes) {
  const broken = Math.max(...longitudes) - Math.min(...longitudes) > FULL_TURN / 2;
  return broken ? longitudes.map((longitude) => (longitude < 0 ? longitude + FULL_TURN : longitude)) : longitudes;
}

/** The longitude from -180 to 180 that names the same meridian. */
function normal(longitude) {
  return longitude > FULL_TURN / 2 ? longitude - FULL_TURN : longitude;
}

/** The middle of the corners of a polygon or multipolygon in well-known text, as longitude and latitude. */
export function centreOf(text) {
  const numbers = text.match(/-?\d+(?:\.\d+)?(?:[eE]-?\d+)?/g).map(Number);
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  const longitudes = numbers.filter((_, i) => i % 2 === 0);
  return [normal(middle(unbroken(longitudes))), middle(numbers.filter((_, i) => i % 2 === 1))];
}

/** Puts the parts of a geometry of OpenLayers, in degrees, side by side that the meridian cuts. */
export function joined(geometry) {
  const [west, , east] = geometry.getExtent();
  if (east - west > FULL_TURN / 2) {
    geometry.applyTransform((flat, output, stride) => {
      for (let i = 0; i < flat.length; i += stride) {
        output[i] = flat[i] < 0 ? flat[i] + FULL_TURN : flat[i];
        output[i + 1] = flat[i + 1];
      }
      return output;
    });
  }
  return geometry;
}
