/* The pages that Python writes out as one text: kept while they hold, filtered in place, their charts drawn by Plotly. */
import { data, numberOf } from "../core/data.js";
import { node } from "../core/node.js";
import * as server from "../core/server.js";
import { FILTER, address, go, sets, state } from "../core/view.js";
import { countyName, word } from "../core/words.js";
import * as charts from "./charts.js";
import { showPeriods } from "./periods.js";
import { buildTables } from "./tables.js";

const KEPT = 12;
const PATIENCE = 250; // ms before a page that has not come says that it is being read
const kept = new Map(); // key → the page's node, the latest last
const pinned = new Set(); // keys of a deck's pages, which are never dropped
const counts = new Map(); // filter and period → what the progress page says then, where a deck brought it
const makers = []; // what builds a part of a page from the browser's own data
let onScreen = null;
let wanted = null;
let waiting = 0;

const room = () => document.getElementById("sheet");
const parts = (root, selector) => [...root.querySelectorAll(selector)];
const isSheet = () => state.about.sheet;
export const keyFor = (path, view) => [path, view.lang, view.period || ""].join("|");
const keyOf = (view) => keyFor(state.path, view);
const filterOf = (view) => FILTER.map((key) => view[key]).join("&");

/* ---- charts: drawn from the figure in the page, in the theme's colours ------------------------- */

const DARK = new RegExp(Object.keys(data.dark).join("|"), "g");
const figures = new WeakMap();
let isPaper = false; // paper is white, whatever the theme of the screen

function themed(chart, theme) {
  if (!figures.has(chart)) figures.set(chart, { light: chart.dataset.figure, drawn: null });
  const known = figures.get(chart);
  known[theme] ||= known.light.replace(DARK, (colour) => data.dark[colour]);
  return JSON.parse(known[theme]);
}

for (const [event, on] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(event, () => {
    isPaper = on;
    const page = onScreen && kept.get(onScreen);
    if (page && window.Plotly) for (const chart of parts(page, ".chart")) if (figures.has(chart)) drawOne(chart);
  });
}

/* With a view box a chart shrinks with the sheet of paper it is printed on. */
function scalable(chart) {
  for (const svg of parts(chart, ".main-svg")) {
    const box = `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`;
    if (svg.getAttribute("viewBox") !== box) svg.setAttribute("viewBox", box);
  }
  const { width, height } = chart.getBoundingClientRect();
  chart.style.setProperty("--aspect", width / height);
}

async function draw(page) {
  const rooms = parts(page, ".chart");
  if (!rooms.length) return;
  await charts.ready();
  rooms.forEach(drawOne);
}

/* On a phone a title stands on as many lines as it needs: a Chinese character is as wide as two Latin letters. */
function wrapTitle(layout, width) {
  const { title, margin } = layout;
  if (!title?.text || !margin || title.text.includes("<br>")) return;
  const size = title.font?.size || 16;
  const most = Math.floor((1.85 * (width - 12)) / size);
  const lines = [""];
  let used = 0;
  for (const part of title.text.match(/[\x21-\u2013\u2018-\u201d]+[，。；：、）]?|\s+|[^\x21-\u2013\u2018-\u201d\s][，。；：、）]?/g)) {
    const wide = [...part].reduce((sum, one) => sum + (one > "\u2e7f" ? 2 : 1), 0);
    if (used + wide > most && part.trim()) { lines.push(""); used = 0; }
    lines[lines.length - 1] += part;
    used += wide;
  }
  title.text = lines.map((line) => line.trim()).join("<br>");
  Object.assign(title, { xref: "container", x: 0.01, yref: "container", y: 1 - (0.9 * size) / layout.height, yanchor: "top", pad: { t: 0 } });
  const more = (lines.length - 1) * Math.ceil(size * 1.3);
  margin.t += more;
  layout.height += more;
}

/* Nor has the key of many states room beside a title there: it goes under the chart. */
function legendBelow({ data: traces, layout }) {
  const named = traces.filter(({ name, showlegend }) => name && showlegend !== false).length;
  if (named < 2 || !layout.legend) return;
  const more = 22 * Math.ceil(named / 2);
  layout.margin.b += more;
  layout.margin.t -= 22;
  layout.height += more - 22;
  Object.assign(layout.legend, { yref: "container", y: 0, yanchor: "bottom", xref: "container", x: 0.01 });
}

function drawOne(chart) {
  const known = figures.get(chart);
  const theme = isPaper ? "light" : state.view.theme;
  if (known?.drawn === theme || !chart.isConnected || chart.closest("[hidden]")) return;
  const figure = themed(chart, theme);
  if (!isPaper && chart.clientWidth < 600) {
    wrapTitle(figure.layout, chart.clientWidth);
    legendBelow(figure);
  }
  figures.get(chart).drawn = theme;
  chart.style.height = `${figure.layout.height}px`;
  window.Plotly.react(chart, figure.data, figure.layout, data.plot[state.view.lang]);
  scalable(chart);
  if (known) return;
  chart.on("plotly_afterplot", () => scalable(chart));
  chart.on("plotly_click", ({ points }) => {
    const adcode = points[0]?.customdata;
    if (numberOf[adcode] !== undefined) go(`/county/${adcode}`);
  });
}

/* ---- what follows the filter --------------------------------------------------------------------------------------- */

function follow(page, view, matched) {
  for (const item of parts(page, ".follows [data-adcode]")) {
    const number = numberOf[item.dataset.adcode];
    const away = number !== undefined && !matched[number];
    if (item.hidden !== away) item.hidden = away;
    if (item.parentElement.className === "named") item.parentElement.hidden = away; // with its mark
  }
  for (const list of parts(page, "[data-most]")) { // so many of those that are left lead; the others are shown when asked for
    let left = Number(list.dataset.most);
    for (const item of list.children) if (!item.hidden) item.toggleAttribute("data-beyond", (left -= 1) < 0);
  }
  for (const part of parts(page, "[data-when]")) {
    const some = part.closest(".follows").querySelector("[data-adcode]:not([hidden])") !== null;
    const away = some !== (part.dataset.when === "some");
    if (part.hidden !== away) part.hidden = away;
  }
  for (const [selector, fill] of makers) for (const place of parts(page, selector)) fill(place, view, matched);
  const query = address.write(view);
  for (const link of parts(page, "[data-carry]")) link.href = link.dataset.carry + (query && `?${query}`);
  if (state.about.counted && page.countedFor !== filterOf(view)) {
    page.countedFor = filterOf(view);
    page.askedFor = query;
    const said = counts.get(`${filterOf(view)} ${view.period || ""}`);
    if (said) setCounted({ query, said });
    else askCounted(query);
  }
  draw(page).catch(() => console.info("The charts could not be drawn; they are tried again when the page is opened."));
}

const askCounted = (query) => server.ask(`/fragment/counted?${query}`)
  .then(async (answer) => setCounted({ query, said: await answer.json(), event: server.eventOf(answer) }))
  .catch(lost);

/* Sentences that count: a list is one paragraph each, the first the finding. */
function setCounted(given) {
  const page = [...kept.values()].find((one) => one.askedFor === given.query); // it may be off screen by now
  if (!page) return;
  page.askedFor = null;
  if (given.event && page.dataset.event && given.event !== page.dataset.event) { // someone has imported meanwhile
    forget();
    return;
  }
  for (const place of parts(page, "[data-said]")) {
    const said = given.said[place.dataset.said];
    if (Array.isArray(said)) {
      place.replaceChildren(...said.map((text, i) => node("p", { className: i ? "quiet" : "finding" }, text)));
    } else place.textContent = said;
  }
  for (const place of parts(page, "[data-count]")) {
    const count = given.said[place.dataset.count];
    place.hidden = count === "0";
    if (place.style.flexGrow) place.style.flexGrow = count;
  }
}

/* A table's rows in the order chosen: the choice carries the orders and names the table's room. */
export function sortRows(choice) {
  const body = document.querySelector(`#${choice.getAttribute("aria-controls")} tbody`);
  const rows = Object.fromEntries([...body.children].map((row) => [row.dataset.adcode, row]));
  body.append(...JSON.parse(choice.dataset.orders)[choice.value].map((adcode) => rows[adcode]));
}

/* ---- opening, keeping, showing --------------------------------------------------------------------------------------- */

function keep(key, page) {
  kept.delete(key);
  kept.set(key, page);
  for (const old of kept.keys()) if (kept.size > KEPT + pinned.size && old !== onScreen && !pinned.has(old)) kept.delete(old);
}

function made(html, counted, event = "") {
  const page = node("div", { className: "sheet", "data-event": event });
  page.innerHTML = html;
  page.classList.toggle("has-turn", page.querySelector(".turn-table") !== null);
  page.countedFor = counted;
  return page;
}

function leave() {
  const page = onScreen && kept.get(onScreen);
  if (page && room()?.contains(page)) page.scrolled = room().scrollTop;
  onScreen = null;
}

function lay(key, view, matched) {
  clearTimeout(waiting);
  const page = kept.get(key);
  keep(key, page);
  onScreen = key;
  const place = room();
  if (!place) return;
  if (!place.contains(page)) {
    const focused = page.contains(document.activeElement) ? document.activeElement : null; // to move a node drops its focus
    const hadFocus = place.contains(document.activeElement) || document.activeElement === document.body;
    place.replaceChildren(page);
    focused?.focus({ preventScroll: true });
    place.scrollTop = page.scrolled || 0;
    if (hadFocus && !focused && !document.documentElement.classList.contains("is-mirror") && !document.documentElement.classList.contains("is-starting")) place.focus({ preventScroll: true });
  }
  document.getElementById("first-sheet")?.remove();
  document.title = titleOf(page);
  buildTables(page);
  showPeriods(view);
  follow(page, view, matched);
}

const titleOf = (page) => {
  const heading = page.querySelector("h2");
  return heading ? `${heading.firstChild.textContent} · ${word("page_title")}` : word("page_title");
};

const ASKED_FOR = 10000; // ms; then a page that has not come is asked for again
let pending = {};
export function show(view, matched) {
  if (!isSheet()) {
    leave();
    wanted = null;
    return;
  }
  const key = keyOf(view);
  if (key === onScreen && room()?.contains(kept.get(key))) {
    follow(kept.get(key), view, matched);
    return;
  }
  leave();
  wanted = key;
  if (kept.has(key)) { lay(key, view, matched); return; }
  clearTimeout(waiting);
  waiting = setTimeout(() => room()?.replaceChildren(node("p", { className: "quiet waiting" }, word("reading"))), PATIENCE);
  /* A press on the language shows the page several times, as its rooms are built anew: it is asked for once. */
  if (pending.key === key && Date.now() - pending.at < ASKED_FOR) return;
  pending = { key, at: Date.now() };
  askPage(state.path, view, key).catch(lost);
}

async function askPage(path, view, key) {
  const asked = pending;
  const answer = await server.ask(`/fragment/page${path}?${address.write(view)}`);
  const html = await answer.text();
  if (pending === asked) pending = {};
  keep(key, made(html, filterOf(view), server.eventOf(answer)));
  if (key === wanted) lay(key, state.view, state.matched);
}

/* A lost server: what was read stays; what was not says so, and can be asked for again. */
function lost() {
  pending = {};
  for (const page of kept.values()) if (page.askedFor) page.countedFor = page.askedFor = null; // asked again when next shown
  if (!wanted || kept.has(wanted)) return;
  clearTimeout(waiting);
  const again = node("button", { type: "button", className: "btn btn-outline-secondary", onclick: () => show(state.view, state.matched) }, word("try_again"));
  room()?.replaceChildren(node("p", { className: "nothing" }, word("sheet_lost")), again);
}

/* A deck comes whole: its pages are kept from the beginning, whatever becomes of the server. */
export function preload(key, html) {
  pinned.add(key);
  kept.set(key, made(html, null));
}
/* What a page says under a filter, known without asking. */
export const know = (query, said) => counts.set(`${filterOf(address.read(query))} ${address.read(query).period || ""}`, said);
/* Builds a page and draws its charts out of sight, so that it can be shown within a frame. */
export async function prepare(key, view) {
  const page = kept.get(key);
  if (!page || page.isConnected) return;
  document.getElementById("wings").replaceChildren(page);
  buildTables(page);
  const matched = sets.match(view);
  for (const [selector, fill] of makers) for (const place of parts(page, selector)) fill(place, view, matched);
  await draw(page);
}

/* A part of a page that Python writes when it is asked for. */
export async function askPart(path) {
  const html = await (await server.ask(path)).text();
  return [...made(html, null).childNodes];
}

export function forget() {
  pending = {};
  for (const key of kept.keys()) if (!pinned.has(key)) kept.delete(key);
  onScreen = null;
  show(state.view, state.matched);
}

/* The page asked for by the address came with the first answer: it is on screen before Dash is. */
export function begin() {
  server.whenLost(lost);
  const page = document.getElementById("first-sheet")?.firstElementChild;
  if (!page) return;
  page.countedFor = filterOf(state.view);
  kept.set(keyOf(state.view), page);
  buildTables(page);
  follow(page, state.view, state.matched);
}

/* ---- makers: what builds a part of a page from the browser's own data --------------------------------------------- */

/* One that comes after the page it is for was shown has its turn at once. */
export function addMaker(selector, fill) {
  makers.push([selector, fill]);
  for (const page of [onScreen && kept.get(onScreen), document.querySelector("#first-sheet > .sheet")].filter(Boolean)) {
    for (const place of parts(page, selector)) fill(place, state.view, state.matched);
  }
}

/* Names and sources that the browser has already are not sent again. */
addMaker("[data-counties]:empty", (place) => place.append(...place.dataset.counties.split(",").map((adcode) => {
  const path = `/county/${adcode}`;
  return node("a", { href: path, className: "county-link", "data-page": path }, countyName(numberOf[adcode]));
})));
addMaker("[data-sources]:empty", (place) => place.append(...data.sources[state.view.lang].map((line) => node("span", {}, line))));
