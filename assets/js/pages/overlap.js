/* The overlap page: its combinations and its matrix, drawn from what Python found and the counties the browser knows. */
import { counties, data, groups, numberOf, options } from "../core/data.js";
import { keyLast, plainKey } from "../core/keys.js";
import { hide, node, put, set } from "../core/node.js";
import { FILTER, address, change, clear, press as pressOption, sets, state } from "../core/view.js";
import { bandName, countyName, listed, optionName, word } from "../core/words.js";
import { badge, swatch } from "../map/marks.js";
import * as provenance from "../tools/provenance.js";
import { PRESSED } from "./rail.js";
import * as sheets from "./sheets.js";

const SETS = [...groups.cluster, ...groups.energy];
const EVERYONE = counties.filter(({ county }) => county).length;
const chosen = { banded: "", order: "size", least: 1, by: "prefecture", down: false, all: "" };

const spoken = (...parts) => node("span", { className: "visually-hidden" }, ...parts);
const amount = (n) => (state.view.lang === "zh" ? `${n}${word("units")}` : `${n} ${word(n === 1 ? "unit_one" : "units")}`);
const bandOf = (county) => county.band || data.unlisted;
const rolesOf = (county) => [...county.clusters, ...county.energy];
const share = (hit, all) => (hit === all ? String(all) : `${hit}/${all}`);
const leftOf = (numbers, matched) => numbers.filter((number) => matched[number]).length;

/* ---- one combination's filter -------------------------------------------------------------------------------------- */

/* What a filter asks, as text: "any" and "all" of one option are the same. */
const asked = (view) => FILTER.map((key) => (key.endsWith("_op") && view[key.slice(0, -3)].length < 2 ? "" : view[key])).join("&");
const known = new Map();
function askedBy(query) {
  if (!known.has(query)) known.set(query, asked(address.read(query)));
  return known.get(query);
}
function hold(query) {
  if (asked(state.view) === askedBy(query)) { clear(); return; }
  const wanted = address.read(query);
  change(Object.fromEntries(FILTER.map((key) => [key, wanted[key]])));
}

/* ---- the heads of the sets: the same three states as the filter's chips ---------------------------------------------- */

/* "500–1000亿元" may break after its dash and before its unit. */
function broken(text) {
  return text.split(/(?<=–)|(?=亿元)/).flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part]));
}
function head(id) {
  const { held, group } = options[id];
  const name = optionName(id);
  const sign = group === "band"
    ? swatch(id)
    : badge(id, { lang: "zh-CN" });
  return node("th", { scope: "col", className: `set-head of-${group}`, "data-name": name },
    node("button", { type: "button", title: name, "data-press": id, "aria-pressed": "false" }, sign, node("span", { className: "set-name" }, ...broken(name)), spoken(` ${amount(held.length)}`)));
}
const groupHead = (group) => node("th", { scope: "colgroup", className: `set-group of-${group}`, colSpan: groups[group].length }, word(`overlap_${group}`));

function showHeads(room, view, matched) {
  for (const button of room.querySelectorAll("[data-press]")) set(button, "aria-pressed", PRESSED[sets.stateOf(view, button.dataset.press)]);
  for (const cell of room.querySelectorAll("[data-size]")) {
    const { held } = options[cell.dataset.size];
    const hit = leftOf(held, matched);
    put(cell.firstChild, share(hit, held.length));
    cell.lastChild.style.setProperty("--hit", hit / held.length);
  }
}

/* ---- combinations ------------------------------------------------------------------------------------------------------ */

function upsetTable(room, rows) {
  const shownGroups = chosen.banded ? ["band", "cluster", "energy"] : ["cluster", "energy"];
  const ids = shownGroups.flatMap((group) => groups[group]);
  const tallest = Math.max(...ids.map((id) => options[id].held.length));
  const sizes = ids.map((id) => {
    const bar = node("span", { className: "set-bar", "aria-hidden": "true" });
    bar.style.setProperty("--size", options[id].held.length / tallest);
    return node("td", { className: `set-size of-${options[id].group}`, "data-size": id }, node("span", {}), bar);
  });
  const heads = node("thead", {},
    node("tr", { className: "groups" }, ...shownGroups.map(groupHead), node("td", { colSpan: 3 })),
    node("tr", { className: "sizes" }, ...sizes, legend()),
    node("tr", { className: "heads" }, ...ids.map(head), ...["size", "squares", "names"].map((key) => node("th", { scope: "col", className: `head-${key}` }, word(`overlap_${key}`)))));
  room.rows = rows.map((row) => upsetRow(row, ids));
  const table = node("table", { className: "upset", role: "grid" }, heads, node("tbody", {}));
  set(table, "aria-label", room.getAttribute("aria-label"));
  room.replaceChildren(table);
  room.style.setProperty("--most", Math.max(...rows.map((row) => row.counties.length)));
}

function legend() {
  const classes = groups.band.map((id) => node("span", {}, swatch(id), optionName(id)));
  return node("td", { className: "band-legend", colSpan: 3 }, node("div", {}, ...classes));
}

function upsetRow({ sets: mine, query, counties: adcodes, bands }, ids) {
  const roles = mine.filter((id) => SETS.includes(id));
  const places = roles.map((id) => ids.indexOf(id));
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const cells = ids.map((id, i) => {
    const held = mine.includes(id);
    const cell = node("td", { className: `dot of-${options[id].group}` }, node("span", { className: held ? "is-held" : "", "aria-hidden": "true" }));
    if (options[id].group === "band" && held) cell.firstChild.dataset.class = id;
    if (first < last && i >= first && i <= last) cell.classList.add(i === first ? "joins-right" : i === last ? "joins-left" : "joins");
    if (held) cell.append(spoken(word("overlap_has")));
    return cell;
  });
  const numbers = adcodes.map((adcode) => numberOf[adcode]);
  const by = Object.entries(bands).map(([id, n]) => `${optionName(id)} ${n}`);
  const what = mine.length ? listed(mine.map(optionName)) : word("overlap_none");
  const count = node("span", { className: "row-count" });
  const hits = spoken();
  const press = node("button", { type: "button", title: what, "data-held": query, "aria-pressed": "false" }, spoken(`${what} `), count, spoken(` ${word("units")} `), hits);
  const squares = [...numbers].sort((a, b) => groups.band.indexOf(bandOf(counties[a])) - groups.band.indexOf(bandOf(counties[b])) || a - b)
    .map((number) => node("span", { className: "square", title: `${countyName(number)} ${bandName(counties[number])}`, "data-class": bandOf(counties[number]), "data-number": number }));
  const links = numbers.map((number) => nameLink(number));
  if (!roles.length) links.unshift(node("span", { className: "no-role" }, word("overlap_none")));
  const tr = node("tr", {}, ...cells, node("th", { scope: "row", className: "row-size" }, press),
    node("td", { className: "squares" }, node("span", { className: "square-row", "aria-hidden": "true" }, ...squares), spoken(listed(by))),
    node("td", { className: "row-names" }, ...links));
  return { line: tr, press, count, hits, squares, links, numbers, query, degree: roles.length };
}

function nameLink(number) {
  const path = `/county/${counties[number].adcode}`;
  return node("a", { href: path, className: "county-link", "data-page": path, "data-number": number }, countyName(number));
}

const ORDERS = {
  size: () => 0, // as Python ordered them
  degree: (a, b) => b.degree - a.degree,
  fewest: (a, b) => a.degree - b.degree,
};

function fillUpset(room, view, matched) {
  const shape = `${chosen.banded} ${view.lang}`;
  if (room.made !== shape) {
    room.given ||= JSON.parse(room.dataset.upset);
    upsetTable(room, room.given[chosen.banded ? "banded" : "plain"]);
    room.made = shape;
    room.laid = "";
  }
  const laid = `${chosen.order} ${chosen.least}`;
  if (room.laid !== laid) {
    room.laid = laid;
    room.shown = room.rows.filter(({ numbers }) => numbers.length >= chosen.least).sort(ORDERS[chosen.order]);
    room.querySelector("tbody").replaceChildren(...room.shown.map(({ line }) => line));
  }
  const now = asked(view);
  for (const row of room.rows) {
    const hit = leftOf(row.numbers, matched);
    put(row.count, share(hit, row.numbers.length));
    put(row.hits, hit === row.numbers.length ? "" : word("overlap_matching", { n: hit }));
    const isAsked = askedBy(row.query) === now;
    set(row.press, "aria-pressed", String(isAsked));
    row.line.classList.toggle("is-asked", isAsked);
    row.line.classList.toggle("is-away", hit === 0);
    for (const one of [...row.squares, ...row.links]) if (one.dataset.number) one.classList.toggle("is-out", !matched[one.dataset.number]);
  }
  showHeads(room, view, matched);
  const section = room.closest("section");
  const n = room.shown.reduce((sum, { numbers }) => sum + numbers.length, 0);
  const hit = room.shown.filter(({ numbers }) => leftOf(numbers, matched)).length;
  put(section.querySelector(".upset-shown"), word("overlap_shown", { rows: room.shown.length, n })
    + (sets.count(matched) < EVERYONE ? word("overlap_hit", { hit }) : ""));
  for (const button of section.querySelectorAll('[data-overlap*="="]')) {
    const [key, value] = button.dataset.overlap.split("=");
    set(button, "aria-pressed", String(chosen[key] === value));
  }
  section.querySelector("#upset-least").value = String(chosen.least);
  hide(section.querySelector(".overlap-clear"), now === asked(address.read("")));
  for (const button of section.closest(".overlap").querySelectorAll(".overlap-findings [data-held]")) set(button, "aria-pressed", String(askedBy(button.dataset.held) === now));
  rove(room);
}

/* ---- matrix --------------------------------------------------------------------------------------------------------------- */

const SORTS = {
  county: (a, b) => counties[a].seek.localeCompare(counties[b].seek),
  prefecture: () => 0,
  band: (a, b) => groups.band.indexOf(bandOf(counties[a])) - groups.band.indexOf(bandOf(counties[b])),
  roles: (a, b) => rolesOf(counties[a]).length - rolesOf(counties[b]).length,
};
/* Rows of one kind stand together: a line where the next kind begins. */
const KIND = {
  county: () => "",
  prefecture: (county) => county.prefecture,
  band: bandOf,
  roles: (county) => rolesOf(county).length,
};

function matrixTable(room) {
  const sorters = Object.keys(SORTS).map((key) => node("th", { scope: "col", className: `head-${key}`, "data-name": word(`overlap_${key}`) },
    node("button", { type: "button", "data-sort": key }, word(`overlap_${key}`), node("span", { className: "sort-mark", "aria-hidden": "true" }))));
  room.rows = counties.map((county, number) => (county.county ? matrixRow(county, number) : null)).filter(Boolean);
  const table = node("table", { className: "matrix", role: "grid" },
    node("thead", {},
      node("tr", { className: "groups" }, node("td", { colSpan: sorters.length }), groupHead("cluster"), groupHead("energy")),
      node("tr", { className: "heads" }, ...sorters, ...SETS.map(head))),
    node("tbody", {}));
  set(table, "aria-label", room.getAttribute("aria-label"));
  room.replaceChildren(table);
}

function matrixRow(county, number) {
  const roles = rolesOf(county);
  const cells = SETS.map((id) => {
    const cell = node("td", { className: `mark of-${options[id].group}` });
    if (!roles.includes(id)) return cell;
    const dot = node("button", { type: "button", className: "badge-mark", "data-role": id, "data-where": county.adcode, "aria-haspopup": "dialog", title: optionName(id) },
      node("span", { lang: "zh-CN", "aria-hidden": "true" }, options[id].mark));
    set(dot, "aria-label", listed([countyName(number), optionName(id)]));
    cell.append(dot);
    return cell;
  });
  const tr = node("tr", {},
    node("th", { scope: "row", className: "cell-name" }, nameLink(number)),
    node("td", { className: "cell-prefecture" }, optionName(county.prefecture)),
    node("td", { className: "cell-band" }, swatch(bandOf(county)), optionName(bandOf(county))),
    node("td", { className: "cell-roles" }, String(roles.length)), ...cells);
  return { line: tr, number };
}

function fillMatrix(room, view, matched) {
  if (room.made !== view.lang) {
    room.given ||= JSON.parse(room.dataset.matrix);
    matrixTable(room);
    room.made = view.lang;
    room.laid = "";
  }
  const laid = `${chosen.by} ${chosen.down}`;
  if (room.laid !== laid) {
    room.laid = laid;
    const way = chosen.down ? -1 : 1;
    const byCode = chosen.by === "prefecture" ? way : 1;
    room.rows.sort((a, b) => way * SORTS[chosen.by](a.number, b.number) || byCode * (a.number - b.number));
    room.querySelector("tbody").replaceChildren(...room.rows.map(({ line }) => line));
    for (const button of room.querySelectorAll("[data-sort]")) {
      const isChosen = button.dataset.sort === chosen.by;
      button.closest("th").toggleAttribute("aria-sort", false);
      if (isChosen) set(button.closest("th"), "aria-sort", chosen.down ? "descending" : "ascending");
      put(button.lastChild, isChosen ? (chosen.down ? " ↓" : " ↑") : "");
    }
  }
  let kind = null;
  let listedRows = 0;
  for (const { line, number } of room.rows) {
    const away = !matched[number] && !chosen.all;
    hide(line, away);
    line.classList.toggle("is-away", !matched[number]);
    if (away) continue;
    const next = KIND[chosen.by](counties[number]);
    line.classList.toggle("starts", kind !== null && next !== kind);
    kind = next;
    listedRows += 1;
  }
  showHeads(room, view, matched);
  const section = room.closest("section");
  const hit = sets.count(matched);
  put(section.querySelector(".matrix-shown"), word("overlap_listed", { n: listedRows }) + (hit < EVERYONE ? word("overlap_listed_hit", { hit }) : ""));
  const every = section.querySelector(".matrix-all");
  hide(every, hit === EVERYONE);
  set(every, "aria-pressed", String(chosen.all === "1"));
  rove(room);
}

/* Where a mark of the matrix stands: the set's lines, or the county's own where the print has another name. */
function where(dot) {
  const { sets: own, counties: special } = dot.closest("[data-matrix]").given;
  const { role: id, where: adcode } = dot.dataset;
  const said = special[id]?.[adcode] || own[id];
  provenance.show(dot, { ...said, title: `${countyName(numberOf[adcode])} · ${said.title}` });
}

/* ---- by keyboard: each table is one Tab stop, the arrows move in it ----------------------------------------------------------- */

const stopsIn = (row) => [...row.querySelectorAll("a, button")];
const rowsOf = (room) => [...room.querySelectorAll("tr:not([hidden])")].filter((row) => row.querySelector("a, button"));

function rove(room) {
  const stops = stopsIn(room);
  let stop = stops.find((one) => one === room.stop && !one.closest("[hidden]"));
  stop ||= room.querySelector("tbody tr:not([hidden]) :is(a, button)") || stops[0];
  room.stop = stop;
  for (const one of stops) if (one.tabIndex !== (one === stop ? 0 : -1)) one.tabIndex = one === stop ? 0 : -1;
}
function stopAt(room, stop) {
  if (room.stop) room.stop.tabIndex = -1;
  room.stop = stop;
  stop.tabIndex = 0;
}
const middle = (stop) => { const box = stop.getBoundingClientRect(); return box.left + box.width / 2; };
function arrow(event) {
  const room = event.target.closest?.(".overlap-room");
  const row = room && event.target.closest("tr");
  if (!row || !plainKey(event)) return false;
  const inRow = stopsIn(row);
  const rows = rowsOf(room);
  const beside = (steps) => inRow[inRow.indexOf(event.target) + steps];
  const across = (at) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at))];
    return next === row ? null : stopsIn(next).reduce((a, b) => (Math.abs(middle(b) - middle(event.target)) < Math.abs(middle(a) - middle(event.target)) ? b : a));
  };
  const at = rows.indexOf(row);
  const MOVES = {
    ArrowLeft: () => beside(-1), ArrowRight: () => beside(1), Home: () => inRow[0], End: () => inRow[inRow.length - 1],
    ArrowUp: () => across(at - 1), ArrowDown: () => across(at + 1), PageUp: () => across(at - 10), PageDown: () => across(at + 10),
  };
  if (!MOVES[event.key]) return false;
  const stop = MOVES[event.key]();
  if (stop) {
    stopAt(room, stop);
    stop.focus();
  }
  return true;
}
keyLast(arrow);

/* ---- presses ------------------------------------------------------------------------------------------------------------------- */

const again = () => {
  for (const room of document.querySelectorAll(".upset-room")) fillUpset(room, state.view, state.matched);
  for (const room of document.querySelectorAll(".matrix-room")) fillMatrix(room, state.view, state.matched);
};
const choose = (patch) => { Object.assign(chosen, patch); again(); };

document.addEventListener("click", (event) => {
  const page = event.target.closest?.(".overlap");
  if (!page) return;
  const target = event.target.closest("a, button, summary");
  const { press, held, where: place, sort, overlap } = target?.dataset || {};
  if (target?.closest(".overlap-room")) stopAt(target.closest(".overlap-room"), target);
  if (press) pressOption(press);
  else if (held) hold(held);
  else if (place) where(target);
  else if (sort) choose({ by: sort, down: chosen.by === sort ? !chosen.down : sort === "roles" });
  else if (overlap) {
    const [key, value] = overlap.split("=");
    choose({ [key]: key === "all" && chosen.all ? "" : value });
  } else if (!target) {
    const row = event.target.closest(".upset tbody tr");
    if (row && getSelection().isCollapsed) hold(row.querySelector("[data-held]").dataset.held);
  }
});
document.addEventListener("change", (event) => { if (event.target.id === "upset-least") choose({ least: Number(event.target.value) }); });

sheets.addMaker(".upset-room", fillUpset);
sheets.addMaker(".matrix-room", fillMatrix);
