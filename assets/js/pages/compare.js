/* Up to six counties side by side: chosen on the map, in the list or by search, held in the address, seen in a tray.

   The page keeps each county's column, so that to move or take out one asks nothing of the server, and to add one asks
   for that one alone. */
import { MOST_COMPARED as MOST } from "../core/address.js";
import { counties, numberOf } from "../core/data.js";
import { isTyping, plainKey } from "../core/keys.js";
import { node, put, set } from "../core/node.js";
import * as server from "../core/server.js";
import { change, state } from "../core/view.js";
import { countyName, listed, optionName, stateName, word } from "../core/words.js";
import { paths } from "../map/county_map.js";
import { badge, swatch } from "../map/marks.js";
import { seek } from "../tools/search.js";
import * as sheets from "./sheets.js";

const HAN = /[\u3400-\u9fff]/;
const nameOf = (adcode) => countyName(numberOf[adcode]);
/* Text that may be Chinese on an English page says so to the screen reader. */
const speech = (text) => (state.view.lang === "en" && HAN.test(text) ? { lang: "zh-CN" } : {});

/* ---- saying: in #notice on the map, where it can be seen; elsewhere in a line of its own -------------------------- */

const aloud = node("p", { id: "compare-say", role: "status" });
let said = false;
let silence = 0;
function say(text) {
  if (!text && !said) return;
  said = Boolean(text);
  clearTimeout(silence);
  const onMap = state.page === "map" && window.dash_clientside?.set_props;
  aloud.textContent = onMap ? "" : text;
  if (onMap) server.say(text);
  if (text && !onMap) silence = setTimeout(() => say(""), 12000);
}

/* ---- choosing ------------------------------------------------------------------------------------------------------ */

export function add(adcode) {
  const { compare } = state.view;
  if (compare.includes(adcode)) return;
  if (compare.length >= MOST) {
    say(word("compare_full", { most: MOST, name: nameOf(adcode) }));
    return;
  }
  say("");
  change({ compare: [...compare, adcode] });
}
export function remove(adcode) {
  say("");
  change({ compare: state.view.compare.filter((other) => other !== adcode) });
}
export const toggle = (adcode) => (state.view.compare.includes(adcode) ? remove : add)(adcode);
function move(adcode, by) {
  const order = [...state.view.compare];
  const at = order.indexOf(adcode);
  if (at < 0 || !order[at + by]) return;
  [order[at], order[at + by]] = [order[at + by], order[at]];
  change({ compare: order });
}

/* What the address names and the view could not take: said, never dropped in silence. */
function sayCut() {
  const given = [...new Set((new URLSearchParams(location.search).get("compare") || "").split(",").filter(Boolean))];
  const cut = given.filter((adcode) => !state.view.compare.includes(adcode));
  if (cut.length) say(word("compare_cut", { parts: listed(cut).slice(0, 120), most: MOST }));
}

/* Every [data-compare] says whether its county is chosen: a toggle by aria-pressed, another button by its words. */
function paintOne(button, view) {
  const chosen = view.compare.includes(button.dataset.compare);
  if (button.hasAttribute("aria-pressed")) {
    set(button, "aria-pressed", chosen);
    const label = word("compare_toggle", { name: nameOf(button.dataset.compare) });
    if (button.getAttribute("aria-label") !== label) { button.setAttribute("aria-label", label); button.title = label; }
  } else {
    put(button, word(chosen ? "compare_remove" : "compare_add"));
  }
}
export function paint(root, view) {
  for (const button of root.querySelectorAll("[data-compare]")) paintOne(button, view);
}

/* ---- the tray: what is chosen, on every page but the compare page itself -------------------------------------------- */

const tray = node("aside", { id: "compare-tray", hidden: true });
let inTray = "";
function showTray(view) {
  const open = view.compare.length > 0 && state.page !== "compare";
  if (tray.hidden === open) tray.hidden = !open;
  document.documentElement.classList.toggle("has-tray", open);
  const key = open ? [view.lang, ...view.compare].join() : "";
  if (key === inTray) return;
  inTray = key;
  const held = tray.contains(document.activeElement);
  const count = word("compare_count", { n: view.compare.length, most: MOST });
  if (!open) { tray.replaceChildren(); return; }
  tray.setAttribute("aria-label", word("compare_table"));
  tray.replaceChildren(
    node("strong", { "aria-live": "polite" }, count),
    node("a", { href: "/compare", className: "tray-open", "data-page": "/compare" }, word("compare_open")),
    node("button", { type: "button", className: "quiet-button", "data-compare-do": "clear" }, word("compare_clear")),
    node("ul", {}, ...view.compare.map((adcode) => node("li", {},
      node("span", {}, nameOf(adcode)),
      node("button", { type: "button", "data-compare-do": "out", "data-column": adcode, "aria-label": word("compare_out", { name: nameOf(adcode) }) }, "×")))));
  if (held) tray.querySelector("a").focus();
}

/* ---- the page's data: columns that came with it or were asked for since ---------------------------------------------- */

function knowledge(room) {
  if (!room.known) {
    const given = JSON.parse(room.dataset.comparePage);
    room.known = { ...given, asked: new Set(), lost: new Set(), figured: given.order.join() };
    const figure = room.parentElement.querySelector("#compare-graph")?.dataset.figure;
    room.known.figure = figure && JSON.parse(figure);
  }
  return room.known;
}

/* Asks for the columns that are neither here nor on their way; what could not be read is asked for again by a press only. */
async function fetchMissing(room, view) {
  const known = room.known;
  const missing = view.compare.filter((adcode) => !known.columns[adcode] && !known.asked.has(adcode) && !known.lost.has(adcode));
  const picked = `for ${view.county || ""}`;
  const stale = !view.compare.length && known.picked !== (view.county || "") && !known.asked.has(picked) && !known.lost.has(picked);
  if (!missing.length && !stale) return;
  const wanted = stale ? [picked] : missing;
  for (const one of wanted) known.asked.add(one);
  const query = new URLSearchParams({ compare: missing.join(), lang: view.lang, have: Object.keys(known.columns).join() });
  if (view.period) query.set("period", view.period);
  if (stale && view.county) query.set("county", view.county);
  const answer = await server.quietly(`/export/compare.json?${query}`);
  const given = answer?.ok ? await answer.json().catch(() => null) : null;
  if (given) {
    Object.assign(known.columns, given.columns);
    known.rows.push(...given.rows.filter((row) => !known.rows.some((other) => other[1] === row[1])));
    if (given.sets) [known.sets, known.picked] = [given.sets, given.picked];
  } else for (const one of wanted) known.lost.add(one);
  for (const one of wanted) known.asked.delete(one);
  if (room.isConnected) sheets.show(state.view, state.matched);
}

/* ---- the table ----------------------------------------------------------------------------------------------------------- */

function mark(known, label, source) {
  return node("button", {
    type: "button", className: "source-mark", title: known.tip, "data-source": typeof source === "string" ? source : JSON.stringify(source), "aria-haspopup": "dialog", ...speech(label),
  }, label);
}
function line(known, given, role) {
  const isState = Boolean(stateName(given.k));
  const kind = { none: "hatched", quiet: "quiet", strong: "compare-strong" }[given.k] || "";
  return node("div", { className: "compare-line" },
    role ? badge(role) : null,
    isState ? swatch(given.k, "progress") : null,
    node("span", { className: kind || null, ...speech(given.t) }, given.t),
    given.n ? node("small", { className: "quiet", ...speech(given.n) }, given.n) : null,
    given.s ? mark(known, given.m, given.s) : null);
}

/* What a reader must know before comparing along a row: the same or not; who shares a role; unlike years or sources. */
const PLAIN = ["band", "road", "opened", "state"];
function tags(key, group, role, cells) {
  const count = cells.length;
  if (count < 2) return [];
  const held = cells.filter(Boolean);
  if (role) {
    return held.length === count ? [["all", word("compare_all")]] : [["differ", word("compare_some", { n: held.length, all: count })]];
  }
  if (PLAIN.includes(key)) {
    const texts = new Set(cells.map((lines) => JSON.stringify((lines || []).map(({ t, k }) => (key === "state" ? k : t)))));
    return texts.size === 1 ? [["same", word("compare_same")]] : [["differ", word("compare_differ")]];
  }
  if (group !== "gdp" && group !== "other") return [];
  const first = held.map((lines) => lines[0]).filter(({ p }) => p);
  const unlike = (name) => new Set(first.map((one) => one[name] || "")).size > 1;
  return [
    ...(unlike("p") ? [["unlike", word("compare_unlike_years")]] : []),
    ...(group === "other" && unlike("f") || key === "gdp" && unlike("f") ? [["unlike", word("compare_unlike_sources")]] : []),
  ];
}

function head(known, adcode, at, order) {
  const column = known.columns[adcode];
  const name = nameOf(adcode);
  const button = (what, text, label, off) => node("button", {
    type: "button", "data-compare-do": what, "data-column": adcode, "aria-label": label, title: label, disabled: off,
  }, text);
  const path = `/county/${adcode}`;
  const [prefecture, code] = column ? column.prefecture : [optionName(counties[numberOf[adcode]].prefecture), counties[numberOf[adcode]].prefecture];
  return node("th", { scope: "col", className: "compare-column" },
    node("a", { href: path, className: "compare-name", "data-page": path }, name),
    code === adcode ? null : node("a", { href: `/prefecture/${code}`, className: "compare-prefecture", "data-page": `/prefecture/${code}` }, prefecture),
    node("span", { className: "compare-do" },
      button("left", "←", word("compare_left", { name }), at === 0),
      button("right", "→", word("compare_right", { name }), at === order.length - 1),
      button("out", "×", word("compare_out", { name }), false)));
}

function table(known, order) {
  const chosen = order.map((adcode) => known.columns[adcode]);
  const bodies = [];
  let group = "";
  for (const [, key, of, title, note, blank, role, source] of [...known.rows].sort((a, b) => a[0] - b[0])) {
    const cells = chosen.map((column) => column?.cells[key]);
    if (!cells.some(Boolean)) continue;
    if (of !== group) {
      group = of;
      bodies.push(node("tbody", {}, node("tr", { className: "compare-group" }, node("th", { scope: "rowgroup", colSpan: order.length + 1 }, known.groups[of]))));
    }
    const read = cells.filter((_, at) => chosen[at] && (of === "people" || of === "other" || chosen[at].facts.is_county));
    const signs = tags(key, of, role, read);
    bodies[bodies.length - 1].append(node("tr", { className: [...signs.map(([kind]) => `is-${kind}`), ...(role ? ["of-role"] : [])].join(" "), "data-row": key },
      node("th", { scope: "row" },
        node("span", { className: "compare-item" }, title),
        ...signs.map(([kind, text]) => node("small", { className: `compare-tag tag-${kind}` }, text)),
        note ? node("small", { className: "quiet" }, note) : null,
        source ? mark(known, source[0], source[1]) : null),
      ...cells.map((lines, at) => node("td", {},
        ...(chosen[at] ? lines?.map((one) => line(known, one, role)) || [node("span", { className: blank === "—" ? "quiet" : "hatched" }, blank)] : [])))));
  }
  return node("table", { className: "compare-table" },
    node("caption", { className: "visually-hidden" }, word("compare_table")),
    node("thead", {}, node("tr", {}, node("td", {}), ...order.map((adcode, at) => head(known, adcode, at, order)))),
    ...bodies);
}

function empty(known) {
  return [
    node("p", { className: "finding" }, word("compare_empty")),
    node("p", {}, word("compare_how")),
    node("ul", { className: "compare-sets" }, ...known.sets.map(([, title, adcodes, names]) => node("li", {},
      node("button", { type: "button", "data-compare-set": adcodes }, node("strong", {}, title), node("span", { className: "quiet" }, names))))),
  ];
}

/* The figure's title counts what its rows hold: the same words and the same counts as layouts.parts.figures.compare_title. */
function finding(columns) {
  const real = columns.map(({ facts }) => facts).filter(({ is_county }) => is_county);
  if (!real.length) return columns.length ? word("compare_finding_no_county") : "";
  const years = real.map(({ year }) => year).filter((year) => year !== null).sort();
  const floors = real.filter(({ floor }) => floor).length;
  const [first, last] = [years[0], years[years.length - 1]];
  const when = first === last ? word("compare_year", { y: first }) : word("compare_years", { first, last });
  const reached = real.filter((one) => one.reached).length;
  const title = years.length
    ? word("compare_finding", { n: real.length, known: years.length, years: when }) + (reached ? word("compare_finding_reached", { n: reached }) : "")
    : word("compare_finding_none", { n: real.length });
  return title + (floors ? word("compare_finding_floor", { n: floors }) : "");
}

function setFigure(room, known, order) {
  const columns = order.map((adcode) => known.columns[adcode]);
  const place = room.parentElement.querySelector(".compare-figure");
  place.hidden = !columns.length;
  const key = order.join();
  if (!columns.length || known.figured === key) return;
  known.figured = key;
  const figure = JSON.parse(JSON.stringify(known.figure));
  const points = columns.map((column) => column.points);
  figure.data.forEach((trace, number) => {
    const mine = points.map((one) => one[number]).filter(Boolean);
    for (const part of ["x", "y", "base", "text", "hovertext", "customdata"]) {
      delete trace[part];
      if (mine.length && part in mine[0]) trace[part] = mine.map((one) => one[part]);
    }
  });
  const { each, above } = figure.layout.meta;
  figure.layout.height = above + each * columns.length;
  figure.layout.yaxis.categoryarray = columns.map(({ name }) => name).reverse();
  figure.layout.title.text = finding(columns);
  const fresh = node("div", { id: "compare-graph", className: "chart", role: "group", tabIndex: 0, "aria-label": figure.layout.title.text, "data-figure": JSON.stringify(figure) });
  fresh.style.height = `${figure.layout.height}px`;
  place.querySelector(".chart").replaceWith(fresh);
}

function fillSearch(root) {
  const place = root.querySelector("#compare-search");
  if (!place || place.childElementCount) return;
  if (!window.accessibleAutocomplete) { document.addEventListener("DOMContentLoaded", () => fillSearch(root), { once: true }); return; }
  seek(place, "compare-field", add, true);
}

function fill(room, view) {
  const known = knowledge(room);
  const order = view.compare;
  const read = order.filter((adcode) => known.columns[adcode]);
  room.parentElement.querySelector(".compare-take").hidden = !order.length;
  fillSearch(room.parentElement);
  fetchMissing(room, view);
  const lost = order.filter((adcode) => known.lost.has(adcode));
  const key = [order, read, lost, known.picked].join(";");
  if (known.drawn === key) return;
  known.drawn = key;
  const { compareDo, column } = room.contains(document.activeElement) ? document.activeElement.dataset : {};
  const scrolled = room.querySelector(".compare-room")?.scrollLeft || 0;
  if (!order.length) room.replaceChildren(...empty(known));
  else room.replaceChildren(node("div", { className: "compare-room", tabIndex: 0, role: "group", "aria-label": word("compare_table") }, table(known, order)));
  if (lost.length) {
    const again = node("button", { type: "button", className: "btn btn-outline-secondary", onclick: () => { known.lost.clear(); fill(room, state.view); } }, word("try_again"));
    const names = listed(lost.map(nameOf));
    room.prepend(node("p", { className: "nothing" }, word("compare_lost", { names }), " ", again));
  }
  room.style.setProperty("--n", order.length);
  if (room.querySelector(".compare-room")) room.querySelector(".compare-room").scrollLeft = scrolled;
  if (compareDo) {
    const same = room.querySelector(`[data-compare-do="${compareDo}"][data-column="${column}"]:not(:disabled)`);
    (same || room.querySelector(`[data-column="${column}"]:not(:disabled)`) || room.querySelector('[data-compare-do="out"]') || document.getElementById("compare-field"))?.focus();
  }
  setFigure(room, known, read);
}

/* ---- presses and keys -------------------------------------------------------------------------------------------------- */

const DO = { left: (adcode) => move(adcode, -1), right: (adcode) => move(adcode, 1), out: remove, clear: () => change({ compare: [] }) };
document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-compare],[data-compare-do],[data-compare-set]");
  if (!target) return;
  if (target.dataset.compare) toggle(target.dataset.compare);
  else if (target.dataset.compareSet) { say(""); change({ compare: target.dataset.compareSet.split(",").slice(0, MOST) }); }
  else DO[target.dataset.compareDo](target.dataset.column);
});
export function onKey(event) {
  if (plainKey(event) !== "c" || isTyping(event)) return false;
  const focused = event.target.closest?.("path.county, .row-pick")?.dataset.adcode;
  const here = { map: state.view.county, county: state.path.split("/")[2] }[state.page];
  const adcode = focused || here;
  if (numberOf[adcode] !== undefined) toggle(adcode);
  return numberOf[adcode] !== undefined;
}

let marked = [];
let shown = "";
let nav = null;
function showAll(view, anew) {
  const key = [state.page, view.lang, ...view.compare].join();
  if (key === shown && !anew) return;
  shown = key;
  showTray(view);
  paint(document, view);
  for (const adcode of marked) paths[numberOf[adcode]].classList.remove("is-compared");
  for (const adcode of view.compare) paths[numberOf[adcode]].classList.add("is-compared");
  marked = [...view.compare];
  if (nav && view.compare.length) nav.dataset.count = view.compare.length;
  else if (nav) delete nav.dataset.count;
}

sheets.addMaker("#compare-table", fill);
sheets.addMaker("[data-compare]", paintOne);
addEventListener("popstate", () => { say(""); sayCut(); });

export const show = (view) => showAll(view, false);
export function begin() {
  document.body.append(tray, aloud);
  showAll(state.view, true);
  if (state.page !== "map") sayCut();
  /* The card comes from Dash after a press, and the rooms after the map: their buttons are told then. */
  new MutationObserver((records) => {
    const link = document.querySelector('#pages a[data-page="/compare"]');
    const isNew = link !== nav;
    nav = link;
    if (isNew || records.some(({ target }) => (target.closest ? target : target.parentElement)?.closest("#card"))) showAll(state.view, true);
  }).observe(document.getElementById("react-entry-point") || document.body, { childList: true, characterData: true, subtree: true });
}
