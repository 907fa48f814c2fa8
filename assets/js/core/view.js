/* The view of this tab and its address: the one state, which is changed here and nowhere else. */
import { DEFAULTS, addresses } from "./address.js";
import { counties, data, firstStanding, groups, layers, numberOf, options } from "./data.js";
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
export const sets = { ...algebra({ counties, options, groups }), classes };
state.view = address.read(location.search);
state.matched = sets.match(state.view);

/* Legend class of each county, by row number: how many of the layer's options it holds, or as Python found it. */
function classes(view) {
  const { counts, group } = layers[view.layer];
  if (!counts) return data.classes[view.layer];
  const held = sets.held(view[group].length ? view[group] : groups[group]);
  return counties.map((county, number) => (county.county ? `n${held[number]}` : "na"));
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
  const query = address.write(state.view);
  if (!state.isStaged) history.pushState(null, "", path + (query ? `?${query}` : ""));
  show(state.view, state.view);
}

export function change(patch, { push = true } = {}) {
  const before = state.view;
  const next = { ...before, ...patch };
  const query = address.write(next);
  if (query === address.write(before)) return;
  if (!state.isStaged) history[push ? "pushState" : "replaceState"](null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
  show(next, before);
}
export const press = (id) => change(sets.withOption(state.view, id, NEXT[sets.stateOf(state.view, id)]));
export const toggle = (id) => change(sets.withOption(state.view, id, sets.stateOf(state.view, id) === "include" ? "off" : "include"));
export const clear = () => change(Object.fromEntries(FILTER.map((key) => [key, DEFAULTS[key]])));
export const pick = (adcode) => change({ county: adcode });

addEventListener("popstate", () => {
  if (state.isStaged) return;
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

const later = new Map(); // by kind: the last of each counts
export function afterPaint(kind, task) {
  /* Two frames on, so that this work does not take the processor from the drawing of the map. */
  if (!later.size) requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(finish)));
  later.set(kind, task);
}
function finish() {
  const tasks = [...later.values()];
  later.clear();
  for (const one of tasks) one();
}
