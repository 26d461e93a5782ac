// From pixels of a scene to coordinates of its map.

/**
 * @param view of a result, as the service describes it
 * @returns {(x: number, y: number) => [number, number]} pixels count from the upper left corner of the scene
 */
export function pixelsToMap({ width, height, tiles }) {
  if (tiles.scheme === "pixels") {
    return (x, y) => [x, -y];
  }
  // The way from the scene's system to the map's is given at the corners of a mesh; it bends so little between
  // them that straight lines are right to millimetres.
  const { columns, rows, points } = tiles.mesh;
  const corner = (column, row, axis) => points[2 * (row * (columns + 1) + column) + axis];
  return (x, y) => {
    const across = (x / width) * columns;
    const down = (y / height) * rows;
    const column = Math.max(0, Math.min(Math.floor(across), columns - 1));
    const row = Math.max(0, Math.min(Math.floor(down), rows - 1));
    const u = across - column;
    const v = down - row;
    return [0, 1].map((axis) =>
      (1 - v) * ((1 - u) * corner(column, row, axis) + u * corner(column + 1, row, axis)) +
      v * ((1 - u) * corner(column, row + 1, axis) + u * corner(column + 1, row + 1, axis)));
  };
}

/**
 * The way back, by Newton's method on the cells of the mesh.
 * @returns {(place: [number, number]) => [number, number]} pixels, which may lie beyond the scene
 */
export function mapToPixels(view) {
  const forward = pixelsToMap(view);
  return ([wantedX, wantedY]) => {
    if (view.tiles.scheme === "pixels") {
      return [wantedX, -wantedY];
    }
    let [x, y] = [view.width / 2, view.height / 2];
    for (let step = 0; step < 4; step++) {
      const here = forward(x, y);
      const right = forward(x + 1, y);
      const below = forward(x, y + 1);
      const [a, b, c, d] = [right[0] - here[0], below[0] - here[0], right[1] - here[1], below[1] - here[1]];
      const [dx, dy] = [wantedX - here[0], wantedY - here[1]];
      const area = a * d - b * c;
      x += (d * dx - b * dy) / area;
      y += (a * dy - c * dx) / area;
    }
    return [x, y];
  };
}
