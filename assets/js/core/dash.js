/* How Dash is told of things. What is asked before it stands waits for it; the last of each kind counts. */
const early = new Map();
let stands = false;

export const set = (id, properties) => window.dash_clientside?.set_props?.(id, properties);

export function ask(id, value) {
  if (stands) set(id, { data: value });
  else early.set(id, value);
}

export function sendEarly() {
  if (stands || !window.dash_clientside?.set_props) return;
  stands = true;
  for (const [id, value] of early) ask(id, value);
  early.clear();
}
