/* The painter: sets only what differs on the county map, and handles hover, focus, arrow keys, zoom and map forms. */
import * as boxes from "../core/boxes.js";
import { counties, data, layers, numberOf, options } from "../core/data.js";
import { byId, element } from "../core/node.js";
import { stage } from "../core/stage.js";
import { afterPaint, pick, sets, state } from "../core/view.js";
import { accessibleName, countyName, legendOf, word } from "../core/words.js";
import { describe } from "./describe.js";
import { around, isInside, shortNames, taken, textWidth } from "./label_boxes.js";
import { inOrder, leader, plan } from "./labels.js";
import { WAYS, nearest } from "./neighbours.js";
import { paintPanels } from "./panels.js";
import { between, layTiles, sampled } from "./tiles.js";

const { d3 } = window;
const { width, height } = data.frame;
export const svg = document.getElementById("county-map");
const zoomed = [byId("zoom"), byId("over")]; // the counties; lines, names and rings over them
export const paths = counties.map((county) => document.getElementById(`c${county.adcode}`));
export const outlines = paths.map((path) => path.getAttribute("d"));
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const GLIDE = 250; // ms
const copies = counties.map((county) => svg.querySelector(`.copy[data-for="${county.adcode}"]`)); // in the inset
const painted = paths.map((path) => [path.dataset.match, path.dataset.class]);
let transform = d3.zoomIdentity;
export let form = "true";
let focused = 0;

/* ---- colours ---------------------------------------------------------------------------------------------- */

function paint(view, matched) {
  const classes = sets.classes(view);
  if (svg.dataset.layer !== view.layer) svg.dataset.layer = view.layer;
  for (let number = 0; number < paths.length; number += 1) {
    const match = matched[number] ? "1" : "0";
    const before = painted[number];
    if (before[0] === match && before[1] === classes[number]) continue;
    before[0] = match;
    before[1] = classes[number];
    for (const path of [paths[number], copies[number]]) {
      path?.setAttribute("data-match", match);
      path?.setAttribute("data-class", classes[number]);
    }
  }
}

/* Counties that a scene of a meeting points at. */
export function highlight(adcodes) {
  byId("highlight").replaceChildren(...adcodes.map((adcode) => element("path", { d: paths[numberOf[adcode]].getAttribute("d") })));
}

function ring(id, number) {
  const d = number === null ? "" : paths[number].getAttribute("d");
  if (byId(id).getAttribute("d") !== d) byId(id).setAttribute("d", d);
}

/* ---- map forms: true map, equal tiles ---------------------------------------------------------------------- */

let tiles = layTiles(counties, [0, 0, width, height]);
const rings = new Map();
function ringOf(number) {
  if (!rings.has(number)) rings.set(number, sampled(outlines[number]));
  return rings.get(number);
}

function drawForm(isTile) {
  paths.forEach((path, number) => path.setAttribute("d", isTile ? tiles.square(counties[number]) : outlines[number]));
  byId("tile-borders").setAttribute("d", isTile ? tiles.borders() : "");
}
/* The tiles fill the room that there is. */
function relay() {
  tiles = layTiles(counties, visible());
  if (form === "tile") { drawForm(true); ring("picked-ring", pickedNumber()); }
}

let gliding = 0;
function setForm(next) {
  if (next === form) return;
  form = next;
  svg.dataset.form = next;
  document.documentElement.classList.toggle("in-tiles", next === "tile");
  const isTile = next === "tile";
  const arrive = () => {
    drawForm(isTile);
    svg.classList.remove("is-gliding");
    ring("picked-ring", pickedNumber());
    placeLabels();
  };
  cancelAnimationFrame(gliding);
  resetZoom(0);
  if (calm.matches || svg.hasAttribute("hidden")) { arrive(); return; }
  const pairs = counties.map((county, number) => {
    const both = [ringOf(number), tiles.points(county)];
    return isTile ? both : both.reverse();
  });
  ring("hover-ring", null);
  svg.classList.add("is-gliding");
  const start = performance.now();
  const step = (now) => {
    const t = Math.min(1, Math.max(0, now - start) / GLIDE);
    if (t === 1) { arrive(); return; }
    const ease = t * t * (3 - 2 * t);
    paths.forEach((path, number) => path.setAttribute("d", between(...pairs[number], ease)));
    gliding = requestAnimationFrame(step);
  };
  gliding = requestAnimationFrame(step);
}

/* Centre and free radius of a county's label, in the present form. */
function place(number) {
  const county = counties[number];
  if (form !== "tile") return county.label;
  return [...tiles.middle(county), tiles.cell / 2];
}

/* ---- labels and marks ---------------------------------------------------------------------------------------- */

const setAll = (node, attributes) => { for (const key in attributes) node.setAttribute(key, attributes[key]); };
const labels = counties.map(() => {
  const group = element("g", { class: "label" });
  const ground = element("rect", { width: 0, height: 0 }, group);
  return { group, ground, name: element("text", { class: "name" }, group), marks: element("text", { class: "role-marks" }, group), key: "" };
});
/* What became of the roads may come anew from the store. */
function paintRoads() {
  counties.forEach((county, number) => {
    if (!county.road) return;
    const road = county.roadless ? "unknown" : "opened";
    for (const node of [paths[number], copies[number], labels[number].group]) if (node && node.dataset.road !== road) node.dataset.road = road;
  });
}
paintRoads();
/* The map's size is kept, not asked for: to ask after a change of colour would make the browser lay out the page. */
let room = { width: svg.clientWidth, height: svg.clientHeight };
const unitsPerPixel = () => Math.max(width / (room.width || 1), height / (room.height || 1));

const short = shortNames(counties.map(({ zh }) => zh));
export const shortened = (number) => (state.view.lang === "en" ? counties[number].en : short[number]);

function rolesOf(number) {
  const { counts, group } = layers[state.view.layer];
  if (!counts || !state.matched[number]) return [];
  if (stage.leastType && state.view[group].length === 1) return []; // the colour says it, and the room goes to names
  return sets.rolesOf(state.view, number);
}

/* On a stage that shows a choice of counties, only those have names, and wider than they are. */
const isChoice = () => stage.leastType > 0 && sets.leavesOut(state.matched);

/* Which counties the inset names: the map itself need not lead a line to them. */
const isInset = () => transform.k <= 1.01 && form !== "tile" && !byId("inset").hidden;
/* Those of the first class of the legend, and of the last that is one of the layer's own. */
function extremes(view, matched) {
  const classes = sets.classes(view);
  const rows = legendOf(view).filter(({ id, outside }) => !outside && id !== data.unlisted);
  const ends = [rows[0], rows[rows.length - 1]].map((row) => row?.id);
  return new Set(counties.map((_, number) => number).filter((number) => matched[number] && ends.includes(classes[number])));
}

const nameSize = () => Math.min(17, Math.max(11, room.width / 92)); // px
function placeLabels() {
  const { view, matched } = state;
  if (svg.hasAttribute("hidden") || !room.width) return;
  const choice = isChoice();
  const isFiltered = sets.leavesOut(matched);
  const pixel = unitsPerPixel() / transform.k;
  const least = stage.leastType; // what would be smaller is left out
  const base = Math.max(least, nameSize());
  const perTile = view.lang === "zh" ? 3.15 : 5.6; // characters of the longest names
  const size = Math.max(least, form === "tile" ? Math.min(base, (tiles.cell / unitsPerPixel() / perTile) * transform.k) : base) * pixel;
  const markSize = Math.max(size * (form === "tile" ? 0.86 : 0.95), least * pixel);
  const picked = pickedNumber();
  placeInsetLabels();
  const named = isInset() ? insetNamed : new Set();
  /* Under a filter only what it leaves is named; tiles are all named, since a square says nothing of its place. */
  const asked = counties.map((_, number) => number).filter((number) => !isFiltered || form === "tile" || matched[number] || number === picked);
  const order = inOrder(asked, { picked, matched, extremes: extremes(view, matched), sizeOf: (number) => place(number)[2] });
  const found = plan(order.map((number) => {
    const [x, y, free] = place(number);
    const radius = choice ? 3 * free : free;
    const roles = rolesOf(number);
    const names = form === "tile" ? [shortened(number)] : [...new Set([countyName(number), shortened(number)])];
    if (least && form === "tile" && view.lang === "zh" && names[0].length === 3 && !roles.length) names.push(`${names[0].slice(0, 2)}\n${names[0][2]}`);
    return {
      number, at: [x, y], names,
      marksWide: Math.min(roles.length, inRow()) * markSize * 1.02,
      tall: (roles.length ? size + markSize * 1.15 * Math.ceil(roles.length / inRow()) : size * 1.15) / 2,
      fits: (wide, index) => number === picked || (form === "tile" ? !least || 2 * wide < tiles.cell : wide < radius * (view.lang === "en" ? 2.8 : index ? 2.2 : 1.35) + 2 * pixel),
      leads: form !== "tile" && !named.has(number) && counties[number].county,
    };
  }), { size, pixel, room: visible() });
  counties.forEach((_, number) => draw(number, found.get(number), size, markSize));
  const lines = [...found].filter(([, label]) => label.isBeside).map(([number, label]) => leader(place(number), label)).join("");
  if (byId("leaders").getAttribute("d") !== lines) byId("leaders").setAttribute("d", lines);
  setAll(byId("labels"), { "font-size": size });
  placeParks(pixel, size);
}

const inRow = () => (form === "tile" ? 2 : 9); // marks under a name
/* One label as it should look, as one key: most stay as they are, and the document is left alone. */
function draw(number, chosen, size, markSize) {
  const roles = chosen ? rolesOf(number) : [];
  const key = chosen ? [chosen.name, chosen.x, chosen.y, chosen.isBeside, size, roles, ...painted[number]].join() : "";
  const label = labels[number];
  if (label.key === key) return;
  label.key = key;
  if (!chosen) { label.group.remove(); return; }
  const { x, y } = chosen;
  const baseline = roles.length ? y - chosen.tall + size * 0.86 : y + size * 0.36;
  setAll(label.name, { x, y: baseline });
  const [first, second] = chosen.name.split("\n");
  label.name.textContent = first;
  if (second) { label.name.setAttribute("y", y - size * 0.12); label.name.append(element("tspan", { x, dy: size * 0.98 }, null, second)); }
  setAll(label.marks, { x, y: baseline + markSize * 1.08, "font-size": markSize });
  label.marks.replaceChildren(...roles.map((id, i) =>
    element("tspan", { class: "mark", "data-role": id, ...(i && i % inRow() === 0 ? { x, dy: markSize * 1.05 } : {}) }, null, options[id].mark)));
  label.group.classList.toggle("is-beside", chosen.isBeside);
  const [wide, tall] = chosen.isBeside ? [2 * chosen.wide, 2 * chosen.tall] : [0, 0];
  setAll(label.ground, { x: x - wide / 2, y: y - tall / 2, width: wide, height: tall, rx: size * 0.15 });
  setAll(label.group, { "data-match": painted[number][0], "data-class": chosen.isBeside ? "" : painted[number][1] });
  if (!label.group.isConnected) byId("labels").append(label.group);
}

/* Parks stand at their host county's label point; 兰州新区 has none and stands at its prefecture's. */
let parksDrawn = "";
function placeParks(pixel, size) {
  const shown = state.view.parks && layers[state.view.layer].parks && form !== "tile";
  const key = shown ? `${pixel} ${size} ${state.view.lang}` : "";
  if (key === parksDrawn) return;
  parksDrawn = key;
  const group = byId("marks");
  group.replaceChildren();
  if (!shown) return;
  for (const park of data.parks) {
    const half = 4.2 * pixel;
    const [x, y] = park.at;
    const top = y - size * 1.05;
    const mark = element("path", { class: "park", d: `M${x} ${top - half}l${half} ${half}l${-half} ${half}l${-half} ${-half}z` }, group);
    element("title", {}, mark, park[state.view.lang]);
  }
}

const insetNumbers = [...svg.querySelectorAll(".copy")].map((copy) => numberOf[copy.dataset.for])
  .sort((a, b) => counties[b].label[2] - counties[a].label[2]);
let insetDrawn = "";
let insetNamed = new Set();
let insetAt = data.frame.inset_at;
export const insetBox = () => insetAt;

/* What of the map's units is to be seen: a wide room shows some beside the frame. */
function visible() {
  const times = unitsPerPixel();
  const wide = room.width * times, tall = room.height * times;
  const [x, y] = isWide() ? [width + EAST - wide, (height - tall) / 2] : [(width - wide) / 2, (height - tall) / 2];
  const [left, top] = transform.invert([x, y]), [right, bottom] = transform.invert([x + wide, y + tall]);
  return [left, top, right, bottom];
}
/* In a wide room the province stands at the right, and the inset, larger, in the free ground at its left. */
const isWide = () => !isPrinting && !stage.isOpen && room.width * unitsPerPixel() > width * 1.2;
let isPrinting = false;
const MARGIN = 500, EAST = 900; // map units
export function placeInset() {
  const wide = isWide();
  /* Less the room for names beside the easternmost counties. */
  svg.setAttribute("viewBox", wide ? `${EAST} 0 ${width} ${height}` : `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", wide ? "xMaxYMid" : "xMidYMid");
  const [x, y, w, h] = data.frame.inset_at;
  if (wide) {
    const left = width + EAST - room.width * unitsPerPixel() + MARGIN;
    /* As wide as it may be beside the land that is level with it, and no taller than two thirds of the map. */
    const free = Math.min(x + w, data.frame.west) - left - MARGIN / 2;
    const times = Math.max(1, Math.min(free / w, (height * 0.66) / h));
    insetAt = [left, height - h * times - MARGIN / 4, w * times, h * times];
  } else insetAt = [x, y, w, h];
  const [X, Y, W, H] = insetAt.map(Math.round);
  for (const one of [byId("inset-ground"), byId("inset-window")]) setAll(one, { x: X, y: Y, width: W, height: H });
  hatchInset((data.frame.inset[2] - data.frame.inset[0]) / insetAt[2]);
}
/* The inset's hatches are as wide as the map's: copies of its patterns, made smaller by as much as the inset enlarges. */
let hatched = 0;
function hatchInset(times) {
  if (times === hatched) return;
  hatched = times;
  const shapes = byId("inset-shapes");
  byId("inset-hatches")?.remove();
  const defs = element("defs", { id: "inset-hatches" }, byId("inset-window"));
  for (const pattern of svg.querySelectorAll("defs:not(#inset-hatches) > pattern")) {
    const copy = pattern.cloneNode(true);
    copy.id = `inset-${pattern.id}`;
    copy.setAttribute("patternTransform", `scale(${times}) ${pattern.getAttribute("patternTransform") || ""}`.trim());
    defs.append(copy);
    shapes.style.setProperty(`--${pattern.id}`, `url("#${copy.id}")`);
  }
}
for (const [event, on] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(event, () => { isPrinting = on; placeInset(); relay(); insetDrawn = ""; placeLabels(); });
}

function placeInsetLabels() {
  const group = byId("inset-labels");
  if (transform.k > 1.01 || form === "tile") return;
  const [x0, , x1] = data.frame.inset;
  const scale = insetAt[2] / (x1 - x0);
  const pixel = unitsPerPixel() / scale;
  const size = Math.max(isWide() ? nameSize() * 0.92 : 10.5, stage.leastType) * pixel;
  const picked = pickedNumber();
  const isFiltered = sets.leavesOut(state.matched);
  const key = [size, state.view.lang, picked, isFiltered, ...insetNumbers.map((number) => painted[number])].join();
  if (key === insetDrawn) return;
  insetDrawn = key;
  const places = taken();
  const nodes = [];
  insetNamed = new Set();
  for (const number of insetNumbers) {
    if (isFiltered && !state.matched[number] && number !== picked) continue;
    const [x, y] = counties[number].label;
    const name = shortened(number);
    const box = around([x, y], textWidth(name, size) / 2, size * 0.6);
    if (!isInside(box, data.frame.inset) || !places.isFree(box)) continue;
    places.take(box);
    insetNamed.add(number);
    const node = element("text", { x, y: y + size * 0.36, class: "name", "data-match": state.matched[number], "data-class": painted[number][1] }, null, name);
    if (paths[number].dataset.road) node.dataset.road = paths[number].dataset.road;
    nodes.push(node);
  }
  group.setAttribute("font-size", size);
  group.replaceChildren(...nodes);
  const title = byId("inset-title");
  setAll(title, { x: insetAt[0], y: insetAt[1] - 5 * pixel * scale, "font-size": Math.max(12, stage.leastType) * unitsPerPixel() });
  title.textContent = word("inset");
}

/* ---- zoom --------------------------------------------------------------------------------------------------------- */

let relabel = 0;
const zoom = d3.zoom()
  .scaleExtent([1, 24])
  .extent([[0, 0], [width, height]])
  .translateExtent([[-width * 0.02, -height * 0.02], [width * 1.02, height * 1.02]])
  .filter((event) => {
    if (event.type.startsWith("touch")) return event.touches.length > 1 || transform.k > 1;
    return !event.button && event.type !== "dblclick";
  })
  .on("zoom", (event) => {
    transform = event.transform;
    for (const part of zoomed) part.setAttribute("transform", transform.toString());
    svg.classList.toggle("is-zoomed", transform.k > 1.01);
    cancelAnimationFrame(relabel);
    relabel = requestAnimationFrame(placeLabels);
  });
const selection = d3.select(svg).call(zoom).on("dblclick.zoom", null);
const glide = (ms = GLIDE) => (calm.matches || !ms ? selection : selection.transition().duration(ms));
export function resetZoom(ms) {
  if (byId("zoom-to")) byId("zoom-to").value = "all";
  zoom.transform(glide(ms), d3.zoomIdentity);
}
export function zoomBy(factor) { zoom.scaleBy(glide(), factor); }
function zoomToBox([x0, y0, x1, y1]) {
  const k = Math.min(24, 0.86 / Math.max((x1 - x0) / width, (y1 - y0) / height));
  zoom.transform(glide(), d3.zoomIdentity.translate(width / 2, height / 2).scale(k).translate(-(x0 + x1) / 2, -(y0 + y1) / 2));
}
export function zoomToPrefecture(code) {
  if (!code) { resetZoom(); return; }
  if (form !== "tile") { zoomToBox(data.prefecture_box[code]); return; }
  zoomToBox(tiles.boxOf(counties.filter((county) => county.prefecture === code)));
}

/* ---- hover, focus, keys ------------------------------------------------------------------------------------------ */

const pickedNumber = () => (state.view.county ? numberOf[state.view.county] : null);
const numberAt = (target) => {
  const adcode = target.dataset && (target.dataset.adcode || target.dataset.for);
  return adcode ? numberOf[adcode] : null;
};

export function focusOn(number) {
  paths[focused].setAttribute("tabindex", -1);
  focused = number;
  paths[number].setAttribute("tabindex", 0);
  const [x, y] = place(number);
  const [left, top] = transform.apply([x, y]);
  const [edgeX, edgeY] = [width * 0.06, height * 0.06];
  if (transform.k > 1 && (left < edgeX || left > width - edgeX || top < edgeY || top > height - edgeY)) zoom.translateTo(selection, x, y);
  paths[number].focus({ preventScroll: true });
}

export const neighbour = (number, key) => nearest(counties.map((_, other) => place(other)), number, key, counties[number].near);

export function onKey(event) {
  const number = event.target.closest?.("#county-map") ? numberAt(event.target) : null;
  if (number === null || event.ctrlKey || event.metaKey || event.altKey) return false;
  const step = { Home: -Infinity, End: Infinity, PageUp: -1, PageDown: 1 }[event.key];
  if (event.key in WAYS) {
    const next = neighbour(number, event.key);
    if (next !== null) focusOn(next);
  } else if (step !== undefined) {
    focusOn(Math.min(counties.length - 1, Math.max(0, number + step)));
  } else if (event.key === "Enter" || event.key === " ") {
    pick(counties[number].adcode);
  } else if (event.key === "Escape") {
    pick(null);
  } else if (event.key === "+" || event.key === "=") zoomBy(1.6);
  else if (event.key === "-") zoomBy(1 / 1.6);
  else if (event.key === "0") resetZoom();
  else return false;
  return true;
}

svg.addEventListener("click", (event) => {
  const number = numberAt(event.target);
  if (number !== null) pick(counties[number].adcode);
});

export function hover(number, clientX, clientY) {
  const card = byId("hover-card");
  ring("hover-ring", number === pickedNumber() ? null : number);
  if (!card) return;
  card.hidden = number === null;
  if (number === null) return;
  card.replaceChildren(...describe(number));
  const frame = boxes.of(card.parentElement);
  const { width: w, height: h } = boxes.of(card);
  const left = clientX - frame.left + 16, top = clientY - frame.top + 16;
  const times = frame.width / card.parentElement.offsetWidth || 1; // the stage of a meeting is enlarged
  card.style.left = `${Math.max(4, left + w > frame.width - 4 ? clientX - frame.left - w - 12 : left) / times}px`;
  card.style.top = `${Math.max(4, Math.min(top, frame.height - h - 4)) / times}px`;
}
export const leave = () => hover(null);

function watch(node) {
  node.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") hover(numberAt(event.target), event.clientX, event.clientY); });
  node.addEventListener("pointerleave", leave);
  node.addEventListener("focusin", (event) => {
    const number = numberAt(event.target);
    if (number === null || !event.target.matches(":focus-visible")) return;
    focused = number;
    const box = boxes.of(event.target);
    hover(number, box.left + box.width / 2, box.top + box.height / 2);
  });
  node.addEventListener("focusout", leave);
}

/* ---- settling into the page ----------------------------------------------------------------------------------------- */

new ResizeObserver(() => {
  if (room.width === svg.clientWidth && room.height === svg.clientHeight) return;
  room = { width: svg.clientWidth, height: svg.clientHeight };
  placeInset();
  relay();
  placeLabels();
}).observe(svg);

function rename() {
  paths.forEach((path, number) => path.setAttribute("aria-label", accessibleName(number)));
  svg.setAttribute("aria-label", word("map_label"));
}

/* Called whenever the page's rooms are (re)built: moves the map, which was painted before any script ran, into its room. */
export function settle() {
  const home = byId("map-stage");
  if (!home || home.contains(svg)) return false;
  const grid = byId("panels");
  watch(home); // not the svg itself: listening for focus would make it a stop of the Tab key
  home.append(svg);
  room = { width: svg.clientWidth, height: svg.clientHeight };
  placeInset();
  relay();
  byId("cradle")?.remove();
  watch(grid);
  grid.addEventListener("click", (event) => {
    const number = numberAt(event.target);
    if (number !== null) pick(counties[number].adcode);
  });
  show(state.view, state.matched, null);
  return true;
}

export function show(view, matched, before) {
  paint(view, matched);
  if (before && before.lang !== view.lang) rename();
  else if (before && before.layer !== view.layer && [before.layer, view.layer].some((layer) => !layer || layers[layer].store)) afterPaint("names", () => rename());
  if (before && !before.layer) paintRoads();
  setForm(view.map === "tile" ? "tile" : "true");
  ring("picked-ring", pickedNumber());
  if (!before || before.county !== view.county) {
    paths.forEach((path, number) => path.setAttribute("aria-pressed", number === pickedNumber()));
    if (view.county && document.activeElement !== paths[pickedNumber()] && !svg.contains(document.activeElement)) {
      paths[focused].setAttribute("tabindex", -1);
      focused = pickedNumber();
      paths[focused].setAttribute("tabindex", 0);
    }
  }
  paintPanels(view, matched);
  if (before) afterPaint("labels", placeLabels);
  else placeLabels();
}
