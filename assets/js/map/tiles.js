/* The equal-tile map, and how a county's outline becomes its tile. Needs no page. */
export const POINTS = 40; // of an outline on its way

/* Where the tiles stand in a map that shows this box: `x` and `y` of a column and a row, each `cell` wide. */
export function layTiles(counties, [x0, y0, x1, y1]) {
  const columns = 1 + Math.max(...counties.map(({ tile }) => tile[0]));
  const rows = 1 + Math.max(...counties.map(({ tile }) => tile[1]));
  const cell = Math.floor(Math.min((x1 - x0 - 200) / columns, (y1 - y0 - 200) / rows));
  const gap = Math.round(cell * 0.035);
  const x = (column) => Math.round((x0 + x1 - columns * cell) / 2 + column * cell);
  const y = (row) => Math.round((y0 + y1 - rows * cell) / 2 + row * cell);
  const side = cell - 2 * gap;

  const square = ({ tile: [column, row] }) => `M${x(column) + gap} ${y(row) + gap}h${side}v${side}h${-side}z`;

  /* Its outline as POINTS points, from the top-left corner on. */
  function points({ tile: [column, row] }) {
    const left = x(column) + gap, top = y(row) + gap;
    return Array.from({ length: POINTS }, (_, i) => {
      const t = (4 * i) / POINTS, part = side * (t % 1);
      return [[left + part, top], [left + side, top + part], [left + side - part, top + side], [left, top + side - part]][Math.floor(t)];
    });
  }

  const middle = ({ tile: [column, row] }) => [x(column) + cell / 2, y(row) + cell / 2];

  /* The box around these counties' tiles. */
  function boxOf(some) {
    const across = some.map(({ tile }) => tile[0]), down = some.map(({ tile }) => tile[1]);
    return [x(Math.min(...across)), y(Math.min(...down)), x(Math.max(...across) + 1), y(Math.max(...down) + 1)];
  }

  /* The lines between the tiles of different prefectures. */
  function borders() {
    const at = new Map(counties.map(({ tile, prefecture }) => [tile.join(), prefecture]));
    return counties.flatMap(({ tile: [column, row], prefecture }) => {
      const left = x(column), top = y(row);
      const edges = [[0, -1, `M${left} ${top}h${cell}`], [1, 0, `M${left + cell} ${top}v${cell}`],
        [0, 1, `M${left} ${top + cell}h${cell}`], [-1, 0, `M${left} ${top}v${cell}`]];
      return edges.filter(([dx, dy]) => at.get([column + dx, row + dy].join()) !== prefecture).map(([, , line]) => line);
    }).join("");
  }

  return { cell, square, points, middle, boxOf, borders };
}

/* The outer ring of an outline's largest part, as POINTS points at even spacing from its top-left corner on. */
export function sampled(outline) {
  let best = null;
  let pen = [0, 0];
  for (const part of outline.split("z")) {
    const steps = (part.match(/-?\d+/g) || []).map(Number);
    if (steps.length < 6) continue;
    let [x, y] = pen;
    const points = [];
    for (let i = 0; i < steps.length; i += 2) points.push([(x += steps[i]), (y += steps[i + 1])]);
    pen = points[0];
    const area = signedArea(points);
    if (!best || Math.abs(area) > Math.abs(best.area)) best = { area, points: area < 0 ? points.reverse() : points };
  }
  const { points } = best;
  const lengths = points.map((point, i) => Math.hypot(point[0] - points[(i + 1) % points.length][0], point[1] - points[(i + 1) % points.length][1]));
  const total = lengths.reduce((sum, one) => sum + one, 0);
  const corner = points.reduce((found, point, i) => (point[0] + point[1] < points[found][0] + points[found][1] ? i : found), 0);
  const even = [];
  let edge = corner, walked = 0;
  for (let step = 0; step < POINTS; step += 1) {
    const target = (total * step) / POINTS;
    while (walked + lengths[edge] < target) { walked += lengths[edge]; edge = (edge + 1) % points.length; }
    const along = lengths[edge] ? (target - walked) / lengths[edge] : 0;
    const a = points[edge], b = points[(edge + 1) % points.length];
    even.push([a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along]);
  }
  return even;
}
function signedArea(points) {
  return points.reduce((sum, [x, y], i) => {
    const [u, v] = points[(i + 1) % points.length];
    return sum + x * v - u * y;
  }, 0);
}

/* A way between two outlines of POINTS points, `part` of it gone. */
export const between = (from, to, part) =>
  `M${from.map(([x, y], i) => `${(x + (to[i][0] - x) * part) | 0} ${(y + (to[i][1] - y) * part) | 0}`).join("L")}z`;
