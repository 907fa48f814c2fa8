/* Where the names of the map stand. Needs no page.

   The picked county first, then those that the filter leaves, then the extremes of the layer, then by size. A name that
   does not fit in its county stands beside it with a line to it, where that is allowed. */
import { around, beside, isInside, taken, textWidth } from "./label_boxes.js";

export const inOrder = (numbers, { picked, matched, extremes, sizeOf }) =>
  numbers.sort((a, b) => (b === picked) - (a === picked) || matched[b] - matched[a]
    || extremes.has(b) - extremes.has(a) || sizeOf(b) - sizeOf(a));

/* `labels`: for each county, the first first, its place [x, y], the names that would do, how wide its marks are, how
   tall it is with them, whether a name of some width fits (`fits(wide, index)`), and whether a line may lead to it. */
export function plan(labels, { size, pixel, room }) {
  const places = taken();
  const found = new Map();
  const away = [];
  for (const label of labels) {
    const [x, y] = label.at;
    const chosen = label.names.map((name, index) => {
      const wide = Math.max(textWidth(name.split("\n")[0], size), label.marksWide) / 2;
      const tall = name.includes("\n") ? size : label.tall;
      return { name, wide, tall, x, y, isBeside: false, fits: label.fits(wide, index) };
    }).find(({ wide, tall, fits }) => fits && places.isFree(around([x, y], wide + pixel, tall)));
    if (chosen) {
      found.set(label.number, chosen);
      places.take(around([x, y], chosen.wide + pixel, chosen.tall));
    } else if (label.leads) away.push(label);
  }
  /* Names beside their counties after all that stand in theirs, and off the other counties' middles that lead. */
  const dots = away.map(({ at, number }) => [number, around(at, 2 * pixel, 2 * pixel)]);
  for (const { number, at, names, marksWide, tall } of away) {
    const name = names[names.length - 1].split("\n").join("");
    const wide = Math.max(textWidth(name, size) * 1.08, marksWide) / 2 + pixel; // Latin letters differ
    const isClear = (box) => isInside(box, room) && places.isFree(box)
      && !dots.some(([other, dot]) => other !== number && dot[0] < box[2] && box[0] < dot[2] && dot[1] < box[3] && box[1] < dot[3]);
    for (const middle of beside(at, wide, tall, size)) {
      const box = around(middle, wide + size * 0.15, tall + size * 0.08);
      if (!isClear(box)) continue;
      places.take(box);
      found.set(number, { name, wide, tall, x: middle[0], y: middle[1], isBeside: true });
      break;
    }
  }
  return found;
}

/* The line from a county's middle to the edge of its name. */
export const leader = ([x, y], { x: u, y: v, wide, tall }) =>
  `M${x} ${y}L${Math.min(u + wide, Math.max(u - wide, x))} ${Math.min(v + tall, Math.max(v - tall, y))}`;
