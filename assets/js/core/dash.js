/* How Dash is told of things. What is asked before it stands waits for it; the last of each kind counts. */
const early = new Map();
let stands = false;

export function set(id, properties) {
  if (stands) window.dash_clientside.set_props(id, properties);
  else early.set(id, properties);
}
export const ask = (id, value) => set(id, { data: value });

export function sendEarly() {
  if (stands || !window.dash_clientside?.set_props) return;
  stands = true;
  for (const [id, properties] of early) set(id, properties);
  early.clear();
}
