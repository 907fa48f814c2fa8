/* A meeting: the deck is read whole at the opening, and its scenes are shown by keys, with or without the server.

   The address #3 is the third scene; #presenter the window with notes; #mirror and #mirror+1 the small windows in it. */
import { counties, data, groups, layers, numberOf } from "../core/data.js";
import * as boxes from "../core/boxes.js";
import * as dash from "../core/dash.js";
import { isTyping, keyFirst, plainKey } from "../core/keys.js";
import { node } from "../core/node.js";
import * as server from "../core/server.js";
import { stage } from "../core/stage.js";
import { address, change, onChange, pick, stageView, state } from "../core/view.js";
import { countyName, listed, optionName, word } from "../core/words.js";
import * as countyMap from "../map/county_map.js";
import { describe } from "../map/describe.js";
import * as charts from "../pages/charts.js";
import * as sheets from "../pages/sheets.js";
import * as provenance from "../tools/provenance.js";
import { sceneAsked, sceneOf, within } from "./order.js";

const deck = JSON.parse(document.getElementById("deck-data").textContent);
export const { scenes } = deck;
const html = document.documentElement;
const mode = ["mirror", "presenter", "print"].find((kind) => location.hash.startsWith(`#${kind}`)) || "stage";
const ahead = location.hash === "#mirror+1" ? 1 : 0;
const isDriver = mode === "stage" || mode === "presenter";
const channel = new BroadcastChannel(`atlas-meeting-${deck.slug}${location.search}`);
const { lang, theme } = state.view;
const AUTO = 20_000; // ms a scene stays in a lobby
export let current = -1;
let typed = "";
let isBlank = false;
let auto = 0;
let isShowing = false; // while a state is put on the stage, a scene's or as another window said
let stamp = 0; // when the state that is shown was chosen, in whichever window

for (const [key, text] of Object.entries(deck.sheets)) sheets.preload(key, text);
for (const scene of scenes) if (scene.counted) sheets.know(scene.query, scene.counted);

/* ---- what stands around a scene ---------------------------------------------------------------------------------- */

const title = node("h1", { id: "scene-title" });
const count = node("span", { id: "scene-count" });
const bar = node("div", { id: "scene-bar", "aria-hidden": "true" });
const blank = node("div", { id: "scene-blank", hidden: true });
const source = node("p", { id: "scene-source" });
const names = node("aside", { id: "scene-names" });
const lost = node("span", { id: "scene-lost", hidden: true });
const more = node("span", { id: "scene-more", hidden: true, textContent: "↓" });
const toast = node("p", { id: "scene-toast", role: "status", hidden: true });
const live = node("p", { id: "scene-said", role: "status", className: "visually-hidden" });
const wings = node("div", { id: "wings", "aria-hidden": "true", inert: true });
const help = node("dialog", { id: "scene-help" });

function fillHelp() {
  const rows = word("meeting_keys").split("|").map((row) => row.split("="));
  help.replaceChildren(
    node("h2", {}, word("meeting_help")),
    node("dl", {}, ...rows.flatMap(([keys, does]) => [node("dt", {}, ...keys.split(" ").flatMap((key) => [node("kbd", {}, key), " "])), node("dd", {}, does)])),
    node("button", { type: "button", className: "btn btn-primary", onclick: () => help.close() }, word("close")),
  );
}

/* ---- scenes ---------------------------------------------------------------------------------------------------------- */

const viewOf = (scene) => ({ ...address.read(scene.query), lang, theme });

function putOn(path, view) {
  isShowing = true;
  stageView(path, view);
  isShowing = false;
}

function entitle(text) {
  title.textContent = text;
  fitTitle();
}
/* A scene's title is a finding: over another view than the scene's own stands what that view is called. */
function titleHere() {
  const scene = scenes[current], code = state.path.split("/")[2];
  const shows = (view) => address.write({ ...view, lang, theme, county: null });
  if (state.path === scene.path && shows(state.view) === shows(address.read(scene.query))) return scene.title;
  if (state.page === "map") return layers[state.view.layer].title[lang];
  if (code) return code in numberOf ? countyName(numberOf[code]) : optionName(code);
  return document.querySelector(`#pages [data-page="${state.path}"]`).textContent;
}

export function show(number, { tell = true } = {}) {
  const at = within(number, scenes);
  const scene = scenes[at];
  current = at;
  typed = "";
  if (tell) setBlank(false, { tell: false }); // who goes on wants to be seen
  if (document.activeElement?.closest("#county-map")) document.activeElement.blur(); // the arrows are the meeting's again
  toast.hidden = true;
  entitle(scene.title);
  showCount();
  bar.style.setProperty("--done", (at + 1) / scenes.length);
  live.textContent = `${at + 1}. ${scene.title}`;
  putOn(scene.path, viewOf(scene));
  showSource(viewOf(scene));
  if (document.getElementById("card")?.firstChild && !viewOf(scene).county) dash.set("card", { children: null });
  if (document.getElementById("notice")?.firstChild) server.say("");
  countyMap.leave();
  countyMap.resetZoom(0);
  countyMap.highlight(scene.highlight);
  provenance.hide(false);
  asCaptured();
  showAddress(`${scene.title} · ${deck.title}`);
  if (tell) tellOthers();
  if (mode === "presenter") present();
  prepare(at + 1);
}
/* Once the scene is on the screen: to write the title and the address takes longer than to make the scene. */
let addressing = 0;
function showAddress(name) {
  clearTimeout(addressing);
  addressing = setTimeout(() => {
    document.title = name;
    if (mode === "stage") history.replaceState(null, "", `${location.pathname}${location.search}#${current + 1}`);
  }, 120);
}
const showCount = () => { count.textContent = typed ? `→ ${typed}` : `${current + 1} / ${scenes.length}`; };

/* ---- where its figures come from, and which counties are on it ------------------------------------------------------ */

function showSource(view) {
  const { sources: all } = data;
  const [plan, boundaries] = [all[lang][0], all[lang][all[lang].length - 2]];
  const layer = state.page === "map" ? layers[view.layer] : { sources: [] };
  const scene = scenes[current], own = viewOf(scene);
  const isOwn = state.path === scene.path && ["layer", "compare"].every((key) => String(own[key]) === String(view[key]));
  const { observed } = isOwn ? scene : deck;
  const lines = [
    ...(view.period ? [word("meeting_period", { period: view.period })] : []),
    plan,
    ...(state.about.observed || layer.store ? observed : []),
    ...layer.sources.map((line) => line[lang]),
    ...(state.about.mapped ? [boundaries] : []),
  ];
  source.replaceChildren(node("span", {}, lines.join(" · ")), node("span", {}, ...deck.stamp.map((said) => node("span", {}, said))));
}

const LISTED = 45; // counties that can be listed beside the map
/* The counties of the scene by name, as their labels do not all fit: by year for roads, else by prefecture. */
function nameLines(view, matched) {
  const chosen = counties.flatMap(({ county }, number) => (county && matched[number] ? [number] : []));
  if (state.page !== "map" || view.map !== "true" || !chosen.length || chosen.length > LISTED) return [];
  const isRoad = layers[view.layer].told === "road" && view.road.length > 0;
  const held = new Map();
  for (const number of chosen) {
    const county = counties[number];
    const head = isRoad ? county.road : county.prefecture;
    const key = isRoad && county.roadless ? `${head} unknown` : head;
    held.set(key, [...(held.get(key) || []), countyMap.shortened(number)]);
  }
  const order = isRoad ? groups.road.flatMap((year) => [year, `${year} unknown`]) : groups.prefecture;
  return order.filter((key) => held.has(key)).map((key) => {
    const [head, unknown] = key.split(" ");
    return [unknown ? word("meeting_no_record", { head: optionName(head) }) : optionName(head), listed(held.get(key))];
  });
}
/* What the last scene of the ready deck is about stands on it. */
function showLast(parts) {
  names.style.top = `${(boxes.of(document.getElementById("legend")).left > innerWidth / 2 ? 330 : 170) * unit}px`;
  names.style.left = `${innerWidth - 402 * unit}px`;
  names.hidden = false;
  const part = ([head, ...lines]) => [node("p", {}, node("b", {}, head)), ...lines.map((line) => node("p", {}, line))];
  names.hidden = ![parts, parts.slice(1)].some((some) => { names.replaceChildren(...some.flatMap(part)); return fits(); });
}
const fits = () => {
  const room = names.getBoundingClientRect();
  return names.scrollHeight <= names.clientHeight + 1 && names.scrollWidth <= names.clientWidth + 1 && !countyMap.paths.some(covers(room));
};
function showNames() {
  if (!document.getElementById("legend")) { setTimeout(showNamesSoon, 100); return; } // Dash does not stand yet
  const { listed: last } = scenes[current] || {};
  if (last && !html.classList.contains("is-live") && state.page === "map") { showLast(last); return; }
  const lines = current < 0 || state.view.county || countyMap.svg.classList.contains("is-zoomed") ? [] : nameLines(state.view, state.matched);
  names.hidden = !lines.length;
  if (!lines.length) return;
  names.style.top = `${boxes.of(document.getElementById("legend")).bottom + 14 * unit}px`;
  const between = listed(["", ""]);
  const whole = (said) => said.split(between).map((name, at, all) => node("span", {}, at < all.length - 1 ? name + between : name)); // no name is broken
  /* Wide or narrow, under prefectures or without: the first way that fits beside the map; the note names them too. */
  const grouped = () => lines.map(([head, said]) => node("p", {}, node("b", {}, head), " ", ...whole(said)));
  const plain = () => [node("p", {}, ...whole(lines.map(([, said]) => said).join(between)))];
  const isShown = [grouped, plain].some((make) => [430, 380, 340].some((wide) => {
    names.style.left = `${innerWidth - wide * unit}px`;
    names.replaceChildren(...make());
    return fits();
  }));
  names.hidden = !isShown;
}
const covers = (room, times = boxes.owed(countyMap.svg)) => (path) => {
  const box = boxes.of(path, times);
  return box.right > room.left && box.left < room.right && box.bottom > room.top && box.top < room.top + names.scrollHeight;
};
let naming = 0;
const showNamesSoon = () => {
  names.hidden = true;
  cancelAnimationFrame(naming);
  naming = requestAnimationFrame(() => { naming = requestAnimationFrame(() => { naming = requestAnimationFrame(showNames); }); });
};

/* A page of a scene is one node, kept: what was scrolled, opened or sorted by hand goes back. */
function asCaptured() {
  const sheet = document.getElementById("sheet");
  if (!sheet || state.page === "map") { more.hidden = true; return; }
  sheet.scrollTop = 0;
  for (const open of sheet.querySelectorAll("details[open]")) open.open = false;
  requestAnimationFrame(() => requestAnimationFrame(showMore)); // not to have the page laid out before its frame
}
function showMore() {
  const sheet = document.getElementById("sheet");
  more.hidden = state.page === "map" || !sheet || sheet.scrollHeight - sheet.clientHeight - sheet.scrollTop < 12;
}
document.addEventListener("scroll", (event) => { if (event.target.id === "sheet") showMore(); }, true);

/* The scene that comes next is made ready while this one is looked at. */
function prepare(number) {
  const next = scenes[number];
  if (!next || mode === "presenter") return;
  const start = () => {
    showMore();
    sheets.prepare(sheets.keyFor(next.path, viewOf(next)), viewOf(next)).catch(() => {});
  };
  if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 1000 });
  else setTimeout(start, 200);
}

function setBlank(on, { tell = true } = {}) {
  isBlank = on;
  blank.hidden = !on;
  if (tell) tellOthers();
}

function setAuto(on) {
  clearInterval(auto);
  auto = on ? setInterval(() => show((current + 1) % scenes.length), AUTO) : 0;
  html.classList.toggle("is-auto", on);
}

/* ---- windows in step: each takes the state that was chosen last, wherever ---------------------------------------- */

const now = () => performance.timeOrigin + performance.now();
const post = () => channel.postMessage({ at: stamp, scene: current, isBlank, path: state.path, query: address.write(state.view) });
function tellOthers() {
  if (!isDriver) return;
  stamp = now();
  post();
}
channel.onmessage = ({ data: told }) => {
  if (told.hello) { if (isDriver && stamp) post(); return; }
  if (mode === "print" || !(told.at > stamp)) return;
  stamp = told.at;
  const number = told.scene + ahead;
  html.classList.toggle("is-over", number >= scenes.length);
  if (number !== current && number < scenes.length) show(number, { tell: false });
  if (!ahead && told.path && (told.query !== address.write(state.view) || told.path !== state.path)) { putOn(told.path, address.read(told.query)); entitle(titleHere()); }
  if (told.isBlank !== isBlank) setBlank(told.isBlank, { tell: false });
};
onChange(() => {
  if (isShowing || current < 0) return;
  const at = state.page === "map" || state.path === scenes[current].path ? -1 : sceneOf(state.path, scenes);
  if (at >= 0 && isDriver) { setTimeout(() => show(at)); return; } // the page that was gone to is a scene of the deck
  entitle(titleHere());
  setTimeout(() => { if (mode === "stage" || mode === "presenter") tellOthers(); });
});

/* ---- a lost server: a small mark, and what the browser knows ------------------------------------------------------ */

function remark(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { toast.hidden = true; }, 6000);
}
/* A window is left, or another opened, only for a page that will come. */
async function isServed() {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), 6000);
  const answer = await server.quietly("/healthz", { signal: patience.signal });
  html.classList.toggle("is-offline", !answer?.ok);
  return Boolean(answer?.ok);
}
async function whileServed(act) {
  if (await isServed()) act();
  else remark(word("meeting_stays"));
}
const PULSE = 5000; // ms
if (isDriver) setInterval(isServed, PULSE);
/* Without Python the card of a picked county says what hovering says. */
function cardHere() {
  const isLost = html.classList.contains("is-offline");
  lost.hidden = !isLost;
  const { county } = state.view;
  if (!isLost || !document.getElementById("card")) return;
  const part = (type, children, className) => ({ namespace: "dash_html_components", type, props: { children, className } });
  const text = (line) => (line.matches("ul") ? [...line.children].map((item) => item.lastChild.textContent).join(" · ") : line.textContent);
  const lines = county ? describe(numberOf[county]).map((line, i) => part(i ? "P" : "H3", text(line), line.className)) : [];
  dash.set("card", { children: county ? part("Div", [...lines, part("P", word("meeting_lost"), "quiet")], "card-away") : null });
}
new MutationObserver(cardHere).observe(html, { attributeFilter: ["class"] });
onChange((view, matched, before) => {
  if (before?.county !== view.county) cardHere();
  if (current < 0) return;
  showSource(view);
  showNamesSoon();
  const captured = viewOf(scenes[current]);
  const isLive = !isShowing && (state.path !== scenes[current].path || address.write(view) !== address.write(captured));
  html.classList.toggle("is-live", isLive);
});

/* ---- the window with the notes -------------------------------------------------------------------------------------- */

const notes = {};
function layPresenter() {
  const mirror = (hash, label) => {
    const frame = node("iframe", { src: `${location.pathname}${location.search}${hash}`, title: label, tabIndex: -1, inert: true }); // keys are this window's
    return node("figure", {}, node("figcaption", {}, label), node("div", {}, frame));
  };
  Object.assign(notes, {
    title: node("h2"), told: node("p", { id: "presenter-told" }), text: node("div", { id: "presenter-note" }), next: node("p"), clock: node("time"), since: node("time"),
    left: node("p", { id: "presenter-left", hidden: true }), turn: "", turned: 0,
    began: Date.now(),
  });
  const reset = node("button", { type: "button", className: "quiet-button", onclick: () => { notes.began = Date.now(); tick(); } }, word("meeting_reset"));
  const step = (by, label) => node("button", { type: "button", className: "quiet-button", onclick: () => show(current + by) }, label);
  const room = node("main", { id: "presenter" },
    mirror("#mirror", word("meeting_now")), mirror("#mirror+1", word("meeting_next")),
    node("section", {}, notes.title, notes.told, notes.text),
    node("aside", {}, notes.left, notes.next, node("p", { className: "clocks" }, notes.clock, " ", notes.since, reset), step(-1, word("meeting_back")), step(1, word("meeting_on"))));
  document.body.append(room);
  setInterval(tick, 1000);
  tick();
}
function tick() {
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const time = new Date();
  const seconds = (Date.now() - notes.began) / 1000;
  notes.clock.textContent = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  notes.since.textContent = `+${two(seconds / 60)}:${two(seconds % 60)}`;
  tickTurn();
}
/* A prefecture's turn counts down over all its scenes, and over its end on. */
const SOON = 30; // seconds left at which the count turns amber
function tickTurn() {
  const scene = scenes[current];
  notes.left.hidden = !scene?.seconds;
  if (!scene?.seconds) { notes.turn = ""; return; }
  if (notes.turn !== scene.path) Object.assign(notes, { turn: scene.path, turned: Date.now() });
  const left = scene.seconds - Math.floor((Date.now() - notes.turned) / 1000);
  const shown = Math.abs(left);
  notes.left.textContent = `${left < 0 ? "+" : ""}${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}`;
  notes.left.classList.toggle("is-soon", left <= SOON);
}
function present() {
  const scene = scenes[current], next = scenes[current + 1];
  notes.title.textContent = `${current + 1} / ${scenes.length} · ${scene.title}`;
  notes.told.textContent = current === 0 ? deck.unapproved : "";
  notes.text.textContent = scene.note || word("meeting_no_note");
  tickTurn();
  notes.next.textContent = next ? `${word("meeting_next")}: ${next.title}` : word("meeting_last");
}

/* ---- keys: those of a clicker, and those of the house ---------------------------------------------------------------- */

function leave() {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (mode === "presenter") window.close();
  else if (mode === "stage") whileServed(() => location.assign(`/meeting${location.search}`));
}
const toggleFull = () => (document.fullscreenElement ? document.exitFullscreen() : html.requestFullscreen?.().catch(() => {}));
/* Opened at once where nothing speaks against it: a browser lets a key open a window only for a short while. */
const openPresenter = () => (html.classList.contains("is-offline") ? whileServed(openNotes) : openNotes());
function openNotes() {
  const opened = window.open(`${location.pathname}${location.search}#presenter`, `presenter-${deck.slug}`, "width=1280,height=800");
  if (!opened) remark(word("meeting_blocked"));
}
/* Where a page is longer than the stage, up and down read on in it. */
function down(by) {
  const sheet = document.getElementById("sheet");
  if (state.page === "map" || !sheet || sheet.scrollHeight - sheet.clientHeight < 12) show(current + by);
  else sheet.scrollBy({ top: by * sheet.clientHeight * 0.7, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}
function escape() {
  if (isBlank) setBlank(false);
  else if (mode === "stage" && state.view.county && state.view.county !== viewOf(scenes[current]).county) pick(null);
  else if (mode === "stage" && html.classList.contains("is-live")) show(current);
  else leave();
}
const KEYS = {
  ArrowRight: () => show(current + 1), PageDown: () => show(current + 1), " ": () => show(current + 1), ArrowDown: () => down(1),
  ArrowLeft: () => show(current - 1), PageUp: () => show(current - 1), ArrowUp: () => down(-1),
  Home: () => show(0), End: () => show(scenes.length - 1),
  b: () => setBlank(!isBlank), ".": () => setBlank(!isBlank),
  f: toggleFull, F5: toggleFull /* a clicker's start; to load the page anew would need the server */, r: () => show(current), a: () => setAuto(!auto), p: openPresenter,
  t: () => change({ map: state.view.map === "tile" ? "true" : "tile" }),
  "?": () => help.showModal(), "？": () => help.showModal(),
  Escape: escape,
};
keyFirst((event) => {
  if (mode === "mirror" || mode === "print") return false;
  if (auto && event.key !== "a") setAuto(false);
  if (!plainKey(event)) return false;
  if (document.querySelector("dialog[open]") || isTyping(event)) return false;
  if (event.key === "Escape" && document.getElementById("provenance")) return false;
  if (/^[0-9]$/.test(event.key)) {
    typed = (typed + event.key).slice(-3);
    showCount();
  } else if (typed && ["Enter", "Backspace", "Escape"].includes(event.key)) {
    const number = Number(typed);
    typed = event.key === "Backspace" ? typed.slice(0, -1) : "";
    if (event.key === "Enter" && number) show(number - 1);
    showCount();
  } else {
    if (typed) { typed = ""; showCount(); }
    const does = KEYS[plainKey(event)];
    /* On a county of the map the arrow keys go to its neighbours, as everywhere. */
    if (!does || (event.key.startsWith("Arrow") && event.target.closest?.("#county-map"))) return false;
    does();
  }
  return true;
});
addEventListener("pointerdown", () => { if (auto) setAuto(false); });
/* A source mark for which the stage has no room opens by a press on its figure. */
document.addEventListener("click", ({ target }) => {
  const value = target.closest?.(".turn-value");
  const mark = value?.parentElement.querySelector(".source-mark");
  if (!mark || mark.getClientRects().length) return;
  provenance.show(value, provenance.read(mark.dataset.source));
});

/* ---- on paper: one page a scene ------------------------------------------------------------------------------------- */

const frames = (amount) => new Promise((done) => { const step = (left) => (left ? requestAnimationFrame(() => step(left - 1)) : done()); step(amount); });
async function layPaper() {
  const paper = node("main", { id: "paper" });
  await charts.ready().catch(() => {});
  while (html.classList.contains("is-starting") || !document.getElementById("sheet")) await frames(2);
  for (const [at, scene] of scenes.entries()) {
    show(at, { tell: false });
    await sheets.prepare(sheets.keyFor(scene.path, viewOf(scene)), viewOf(scene)).catch(() => {});
    do await frames(4); while (countyMap.svg.classList.contains("is-gliding"));
    const seen = document.getElementById(state.page === "map" ? "stage" : "sheet").cloneNode(true);
    const forms = ["in-tiles", "in-panels"].filter((name) => html.classList.contains(name));
    const isBeside = scene.note && state.page === "map"; // a table needs the whole width
    const sheet = node("section", { className: ["is-meeting", ...forms, ...(isBeside ? ["is-beside"] : [])].join(" ") });
    sheet.dataset.page = state.page; // so that the copy is styled as what it is a copy of
    sheet.dataset.layer = state.view.layer;
    for (const said of seen.querySelectorAll("#map-sentence")) said.textContent = scene.said;
    sheet.append(node("h1", {}, scene.title), seen, scene.note ? node("p", { className: "paper-note" }, scene.note) : "",
      node("footer", {}, `${deck.title} · ${at + 1} / ${scenes.length} · ${[...deck.stamp, ...data.sources[lang].slice(0, -1), ...scene.observed].join(" · ")}`));
    paper.append(sheet);
  }
  html.classList.remove("in-tiles", "in-panels");
  document.body.append(paper); // not before: the copies have the ids of what they are copies of
  for (const note of paper.querySelectorAll(".paper-note")) {
    for (let size = 8.5; size > 5.5 && (note.scrollHeight > note.clientHeight + 1 || note.scrollWidth > note.clientWidth + 1); size -= 0.5) note.style.fontSize = `${size - 0.5}pt`;
  }
  html.classList.add("is-paper-ready");
  print();
}

/* ---- the size of things: as on a screen of 1920 × 1080, larger or smaller as the window is -------------------------- */

const SMALLEST = 24; // px of type on 1920 × 1080
const ENLARGED = 1.72; // so that the pages' smallest type here, 14 px, is not smaller than that
const pen = document.createElement("canvas").getContext("2d");
let unit = 1;
const LEAST_TITLE = 30; // px on 1920 × 1080: a title that is one line is no smaller
/* A title is one line; only one that is longer than a scene's should be takes two. */
function fitTitle() {
  pen.font = `700 100px ${getComputedStyle(html).getPropertyValue("--font")}`;
  const wide = pen.measureText(title.textContent).width / 100;
  const room = 1920 - 2 * 46 - 36;
  const size = wide * LEAST_TITLE <= room ? Math.min(42, room / wide) : Math.max(26, Math.min(LEAST_TITLE, (1.88 * room) / wide));
  title.style.setProperty("--type", size);
}
function fit() {
  unit = Math.min(innerWidth / 1920, innerHeight / 1080);
  const enlarged = unit * ENLARGED;
  html.style.setProperty("--unit", `${unit}px`);
  html.style.setProperty("--stage", enlarged);
  stage.leastType = (SMALLEST * unit) / enlarged;
  for (const frame of document.querySelectorAll("#presenter iframe")) frame.style.transform = `scale(${frame.parentElement.clientWidth / 1920})`;
}
addEventListener("resize", () => { fit(); showMore(); showNamesSoon(); });
new MutationObserver(showNamesSoon).observe(countyMap.svg, { attributeFilter: ["class"] }); // zoomed, or come to rest

/* ---- the opening ------------------------------------------------------------------------------------------------------ */

stage.isOpen = true;
html.classList.add("is-meeting", `is-${mode}`);
lost.textContent = `⚠ ${word("meeting_lost_mark")}`;
lost.title = word("meeting_lost");
const foot = node("footer", { id: "scene-foot" }, source, more, lost, count);
document.body.append(title, bar, foot, names, toast, blank, live, wings, help);
fillHelp();
charts.ready().catch(() => {});
if (mode === "presenter") layPresenter();
fit();
const asked = () => sceneAsked(location.hash, scenes);
show(ahead || Math.max(0, asked()), { tell: mode === "stage" });
if (deck.ignored && isDriver) remark(deck.ignored);
if (mode === "mirror" || mode === "presenter") channel.postMessage({ hello: true });
addEventListener("hashchange", () => { if (mode === "stage" && asked() >= 0) show(asked()); });
if (mode === "print") layPaper();
