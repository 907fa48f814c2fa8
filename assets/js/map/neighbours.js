/* Which county an arrow key leads to. Needs no page. */
export const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/* The nearest place in a direction, by number; null where there is none. Straight ahead counts more than aside, and a
   county that touches this one more than another. */
export function nearest(places, number, key, touching) {
  const [ux, uy] = WAYS[key];
  const [x, y] = places[number];
  let best = null, least = Infinity;
  places.forEach(([u, v], other) => {
    const ahead = (u - x) * ux + (v - y) * uy;
    const aside = Math.abs((u - x) * uy) + Math.abs((v - y) * ux);
    if (other === number || ahead <= 0 || aside > 2 * ahead) return;
    const cost = Math.hypot(ahead, aside) * (1 + aside / ahead) * (touching.includes(other) ? 0.7 : 1);
    if (cost < least) { best = other; least = cost; }
  });
  return best;
}
