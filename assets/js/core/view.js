/* The view of this tab and its address: the one state, which is changed here and nowhere else. */
import { DEFAULTS, addresses } from "./address.js";
import { counties, data, firstStanding, groups, layers, numberOf, options } from "./data.js";
import { keyFirst } from "./keys.js";
import { owing } from "./owed.js";
import { NEXT, algebra } from "./sets.js";

const { pages, choices } = data;
const GROUPS = Object.keys(groups);
export const FILTER = [...GROUPS, "not", "cluster_op", "energy_op"]; // the keys of a view that are its filter

const idOf = (path, mark) => Object.keys(pages).find((id) => pages[id][mark] && pages[id].path === path);
const pageOf = (path) => idOf(path, "named") || idOf(/^\/[^/]+(?=\/)/.exec(path)?.[0], "coded") || "map";

/* Read everywhere, written only here. */
export const state = {
  view: null,
  matched: null, // 1 for each county that the filter leaves, by row number
  path: location.pathname,
  isStaged: false, // in a meeting the address is the deck's, and a scene may show any page in any state
  standing: firstStanding,
  get page() { return pageOf(state.path); },
  get about() { return pages[pageOf(state.path)]; },
};
export const address = addresses({ numberOf, groups, choices, isKnown: (period) => state.standing.known.includes(period) });
export const sets = { ...algebra({ counties, options, groups }), classes, rolesOf };
state.view = address.read(location.search);
state.matched = sets.match(state.view);

/* Legend class of each county, by row number: how many of the layer's options it holds, or as Python found it. */
function classes(view) {
  const { counts, group } = layers[view.layer];
  if (!counts) return data.classes[view.layer];
  const held = sets.held(view[group].length ? view[group] : groups[group]);
  return counties.map((county, number) => (county.county ? `n${held[number]}` : "na"));
}

/* What a county holds of the layer's options, those chosen or all. */
function rolesOf(view, number) {
  const { counts, group } = layers[view.layer];
  return (counties[number][counts] ?? []).filter((id) => !view[group].length || view[group].includes(id));
}

/* ---- who is told of a change, in the order in which main.js names them -------------------------------------------- */

const listeners = [];
export function onChange(listener) { listeners.push(listener); }

function show(next, before) {
  state.view = next;
  state.matched = sets.match(next);
  const html = document.documentElement;
  const lang = next.lang === "zh" ? "zh-CN" : "en";
  if (html.lang !== lang) html.lang = lang; // to set even the same value would make the browser style the whole page again
  if (html.dataset.theme !== next.theme) html.dataset.theme = next.theme;
  if (html.dataset.layer !== next.layer) html.dataset.layer = next.layer;
  if (html.dataset.page !== state.page) html.dataset.page = state.page;
  for (const listener of listeners) listener(next, state.matched, before);
}

/* ---- its address, written once the view is on the screen; before whoever could read it does ------------------------- */

const AFTER = 60; // ms
const addressOf = (view) => state.path + (address.write(view) ? `?${address.write(view)}` : "");
const owed = owing((push, url) => history[push ? "pushState" : "replaceState"](null, "", url), AFTER);
export const settleAddress = owed.settle;
for (const kind of ["pagehide", "beforeunload", "blur"]) addEventListener(kind, settleAddress);
keyFirst((event) => { if (event.altKey || event.ctrlKey || event.metaKey) settleAddress(); return false; });
addEventListener("pointerdown", ({ button }) => { if (button > 0) settleAddress(); }, true); // a mouse has buttons for back and on, and for a menu

/* ---- what changes it ------------------------------------------------------------------------------------------------ */

export function stageView(path, next) {
  state.isStaged = true;
  state.path = path;
  show(next, state.view);
  finish(); // a scene is painted whole, in one frame
}

export function go(path) {
  if (path === state.path) return;
  state.path = path;
  show(state.view, state.view);
  if (state.isStaged) return;
  owed.owe(true, addressOf(state.view));
  owed.settle(); // another page is no press that is painted against the clock
}

export function change(patch, { push = true } = {}) {
  const before = state.view;
  const next = { ...before, ...patch };
  if (address.write(next) === address.write(before)) return;
  show(next, before);
  if (!state.isStaged) owed.owe(push, addressOf(next) + location.hash);
}
export const press = (id) => change(sets.withOption(state.view, id, NEXT[sets.stateOf(state.view, id)]));
export const toggle = (id) => change(sets.withOption(state.view, id, sets.stateOf(state.view, id) === "include" ? "off" : "include"));
export const clear = () => change(Object.fromEntries(FILTER.map((key) => [key, DEFAULTS[key]])));
export const pick = (adcode) => change({ county: adcode });

addEventListener("popstate", () => {
  if (state.isStaged) return;
  owed.drop();
  state.path = location.pathname;
  show(address.read(location.search), state.view);
});

function takeStanding(given) {
  state.standing = given;
  for (const [id, layer] of Object.entries(given.layers)) data.classes[id] = layer.classes;
  for (const [adcode, year] of Object.entries(given.roads)) {
    const county = counties[numberOf[adcode]];
    county.opened = year;
    county.roadless = year === null;
  }
}
export function setStanding(given) {
  takeStanding(given);
  const { view } = state;
  if (view.period && !given.known.includes(view.period)) change({ period: null }, { push: false }); // its figures were undone
  else show(view, { ...view, layer: "" });
}
takeStanding(state.standing);

/* ---- what may follow a press in the next frame, so that the map itself is on screen first --------------------------- */

const RASTER = 50; // ms after the second frame: until then the map is being drawn on the same processor
const later = new Map(); // by kind: the last of each counts
export function afterPaint(kind, task) {
  if (!later.size) requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(finish, RASTER)));
  later.set(kind, task);
}
function finish() {
  const tasks = [...later.values()];
  later.clear();
  for (const one of tasks) one();
}
/* Resolves when nothing is left to follow, and the address stands. */
export async function atRest() {
  settleAddress();
  while (later.size) await new Promise((done) => { setTimeout(done, 5); });
}
