/* The boxes of labels: how wide a text is, whether two are in each other's way, and where one beside its place may go.
   Needs no page. */

/* About as wide as it is drawn, without asking the browser: a Chinese character is a square. */
export const textWidth = (text, size) =>
  [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? 1 : letter === " " ? 0.3 : 0.6), 0) * size;

export const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
export const isInside = (box, room) => box[0] >= room[0] && box[1] >= room[1] && box[2] <= room[2] && box[3] <= room[3];
export const around = ([x, y], halfWide, halfTall) => [x - halfWide, y - halfTall, x + halfWide, y + halfTall];

/* The boxes that are taken already. */
export function taken() {
  const boxes = [];
  return { isFree: (box) => !boxes.some((other) => overlaps(box, other)), take: (box) => boxes.push(box) };
}

/* Middles of a label that stands beside its place, the nearest first. */
export function* beside([x, y], halfWide, halfTall, size) {
  for (let ring = 1; ring <= 7; ring += 1) {
    for (let turn = 0; turn < 16; turn += 1) {
      const angle = (turn * Math.PI) / 8;
      yield [x + Math.cos(angle) * (halfWide + ring * size * 0.9), y + Math.sin(angle) * (halfTall + ring * size * 0.9)];
    }
  }
}

/* 瓜州县 → 瓜州 where the full short name does not fit; kept where that would be one character or ambiguous. */
export function shortNames(names) {
  const stems = names.map((name) => name.slice(0, -1));
  return names.map((name, i) => (stems[i].length > 1 && stems.indexOf(stems[i]) === stems.lastIndexOf(stems[i]) ? stems[i] : name));
}
