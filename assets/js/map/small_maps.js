/* The small maps of the pages: where a county lies in the province, and one prefecture large, for its turn at a meeting.

   <div class="small-map" data-map="province" data-picked="620922"> shows the county, and its prefecture, in the province.
   <div class="small-map" data-map="620900" data-picked="620922" data-layer="band" data-labels="1" data-legend="1"> shows a
   prefecture with its counties as links; without data-layer it follows the view's layer; data-said-of is a second
   line under the names of some. Drawn without any request. */
import { counties, data, groups, layers, numberOf, options } from "../core/data.js";
import { element, node } from "../core/node.js";
import { stage } from "../core/stage.js";
import { sets, state } from "../core/view.js";
import { accessibleName, countyName, legendOf, listed, optionName, roadText, sayPeople, stateName, word } from "../core/words.js";
import * as sheets from "../pages/sheets.js";
import { outlines } from "./county_map.js";
import { around, beside, isInside, overlaps, taken, textWidth } from "./label_boxes.js";
import { badge, swatch } from "./marks.js";

const { width, height } = data.frame;
const scale = data.coarse_scale;
const TINY = 420; // map units: below this a district would not be seen in the province, and gets a circle
const MARGIN = 0.06; // of the prefecture's box
const NAMES = 28 / 24; // of the least type of a stage: a county's name is read from the back row
const maps = new WeakMap(); // a map's node → what is drawn in it
let made = 0;

function group(svg, kind, numbers, all) {
  const one = element("g", { class: kind }, svg);
  for (const number of numbers) element("path", { d: all[number] }, one);
}
const size = ([x0, y0, x1, y1]) => Math.max(x1 - x0, y1 - y0);
const inside = (code) => counties.flatMap((county, number) => (county.prefecture === code ? [number] : []));

/* ---- where it lies in the province ------------------------------------------------------------------------------ */

function locator(place) {
  const picked = numberOf[place.dataset.picked];
  const code = picked === undefined ? place.dataset.prefecture : counties[picked].prefecture;
  const name = picked === undefined ? optionName(code) : countyName(picked);
  const svg = element("svg", {
    viewBox: `0 0 ${width / scale} ${height / scale}`, role: "img", class: "small-province",
    "aria-label": word("small_where", { name, prefecture: optionName(code) }),
  });
  const mine = inside(code);
  const others = counties.map((_, number) => number).filter((number) => !mine.includes(number));
  const draw = (kind, numbers) => group(svg, kind, numbers, data.coarse);
  draw("small-land", others);
  draw("small-edge", mine); // a broad line under the shapes: what stays of it is their common outline
  draw("small-own", mine);
  if (picked !== undefined) {
    draw("small-here", [picked]);
    const { box, label: middle } = counties[picked];
    if (size(box) < TINY) element("circle", { class: "small-circle", cx: middle[0] / scale, cy: middle[1] / scale, r: 26 }, svg);
  } else if (size(data.prefecture_box[code]) < 2 * TINY) {
    const [x0, y0, x1, y1] = data.prefecture_box[code];
    element("circle", { class: "small-circle", cx: (x0 + x1) / 2 / scale, cy: (y0 + y1) / 2 / scale, r: 40 }, svg);
  }
  place.replaceChildren(svg);
}

/* ---- one prefecture ----------------------------------------------------------------------------------------------- */

/* The part of the map to show: the prefecture's box with a margin, widened to the room's own proportions. */
function frameOf(code, room) {
  let [x0, y0, x1, y1] = data.prefecture_box[code];
  const margin = size([x0, y0, x1, y1]) * MARGIN;
  [x0, y0, x1, y1] = [x0 - margin, y0 - margin, x1 + margin, y1 + margin];
  const aspect = room.clientWidth / room.clientHeight;
  const wide = Math.max(x1 - x0, (y1 - y0) * aspect), tall = wide / aspect;
  return [(x0 + x1 - wide) / 2, (y0 + y1 - tall) / 2, wide, tall].map(Math.round);
}

/* The main map's hatches, as wide on this screen as there: patterns count in map units, and this map is nearer. */
function hatches(svg, unit) {
  const id = (made += 1);
  const defs = element("defs", {}, svg);
  const times = (unit * 9) / 90; // a hatch of 9 px
  for (const pattern of document.querySelectorAll("#county-map pattern")) {
    const copy = pattern.cloneNode(true);
    copy.id = `small-${id}-${pattern.id}`;
    copy.setAttribute("patternTransform", `scale(${times}) ${pattern.getAttribute("patternTransform") || ""}`.trim());
    defs.append(copy);
    svg.style.setProperty(`--${pattern.id}`, `url("#${copy.id}")`);
  }
}

/* The map's room, made once; its size decides how much is shown. Under it the legend. */
function roomOf(place) {
  if (place.firstElementChild) return place.firstElementChild;
  const room = place.appendChild(document.createElement("div"));
  room.className = "small-room";
  if (place.dataset.legend) place.appendChild(document.createElement("ul")).className = "small-legend";
  watcher.observe(room);
  return room;
}

function prefecture(place, code) {
  const mine = inside(code);
  const picked = numberOf[place.dataset.picked];
  const room = roomOf(place);
  const [x, y, wide, tall] = frameOf(code, room);
  const unit = wide / room.clientWidth;
  const isOne = mine.length === 1 && !counties[mine[0]].county;
  const svg = element("svg", { viewBox: [x, y, wide, tall].join(" "), role: isOne ? "img" : "group", "aria-label": word("small_map", { name: optionName(code) }) });
  hatches(svg, unit);
  const near = element("g", { class: "small-near", "aria-hidden": "true" }, svg);
  const away = (box) => box[0] > x + wide || box[2] < x || box[1] > y + tall || box[3] < y;
  counties.forEach((county, number) => {
    if (county.prefecture !== code && !away(county.box)) element("path", { d: outlines[number] }, near);
  });
  group(svg, "small-edge", mine, outlines);
  const shapes = new Map();
  for (const number of mine) {
    const county = counties[number];
    const path = `/county/${county.adcode}`;
    const link = isOne ? svg : element("a", { href: path, "data-page": path, "data-for": county.adcode }, svg);
    const shape = element("path", { class: "copy", d: outlines[number], "data-match": 1 }, link);
    shapes.set(number, { link, shape, title: isOne ? null : element("title", {}, link) });
  }
  if (mine.includes(picked)) element("path", { class: "small-ring", d: outlines[picked] }, svg);
  const labels = element("g", { class: "small-labels", "aria-hidden": "true" }, svg);
  room.replaceChildren(svg);
  return { mine, shapes, labels: place.dataset.labels ? labels : null, legend: room.nextElementSibling, frame: [x, y, wide, tall], unit, saidOf: JSON.parse(place.dataset.saidOf || "{}") };
}

/* The options of the layer that a county holds, where its classes count them. */
const rolesOf = (county, view) => county[layers[view.layer].counts] ?? [];

/* What the layer says of a county, for its link's name. */
const TOLD = {
  "": () => "",
  road: (number) => (counties[number].road ? roadText(counties[number]) : word("legend_road_none")),
  people: (number) => sayPeople(counties[number].people),
  state: (number) => {
    const reached = layers[state.view.layer].store ? "" : stateName(data.classes.progress[number]); // else named already
    return listed([reached, state.standing.said[number]].filter(Boolean));
  },
  class: (number, view) => {
    const { counts } = layers[view.layer];
    if (counts) return listed(rolesOf(counties[number], view).map(optionName)) || word("legend_held_0");
    const id = sets.classes(view)[number];
    return legendOf(view).find((row) => row.id === id)?.[view.lang] ?? "";
  },
};
const said = (number, view) => (counties[number].county ? TOLD[layers[view.layer].told](number, view) : "");

function paint(drawn, view) {
  const classes = sets.classes(view);
  for (const [number, { link, shape, title }] of drawn.shapes) {
    shape.dataset.class = classes[number];
    if (counties[number].road && !counties[number].opened) shape.dataset.road = "unknown";
    else delete shape.dataset.road;
    if (!title) continue;
    const name = [accessibleName(number), said(number, view)].filter(Boolean).join(view.lang === "zh" ? "；" : "; ");
    link.setAttribute("aria-label", name);
    title.textContent = name;
  }
  if (drawn.labels) label(drawn, view, classes);
  if (drawn.legend) legend(drawn, view, classes);
}

/* A name stands in its county where it fits; else beside it with a line to it, as near as there is room. */
function label(drawn, view, classes) {
  const [x0, y0, wide, tall] = drawn.frame;
  const { unit } = drawn;
  const pixels = wide / unit;
  const type = Math.max(NAMES * stage.leastType, Math.min(22, Math.max(14, pixels / 38)) * (view.lang === "en" ? 0.86 : 1)) * unit;
  const room = [x0, y0, x0 + wide, y0 + tall];
  const places = taken();
  const nodes = [];
  const dots = new Map(drawn.mine.map((number) => {
    const [x, y] = counties[number].label;
    return [number, around([x, y], 3 * unit, 3 * unit)];
  }));
  const order = [...drawn.mine].sort((a, b) => counties[b].label[2] - counties[a].label[2]);
  for (const number of order) {
    const county = counties[number];
    const [x, y, radius] = county.label;
    const name = countyName(number);
    const roles = rolesOf(county, view);
    const more = drawn.saidOf[county.adcode];
    const half = Math.max(textWidth(name, type), more ? textWidth(more, type) : 0, roles.length * type * 1.1) / 2 + 2 * unit;
    const tallness = (roles.length || more ? type * 2.3 : type * 1.2) / 2;
    const boxAt = (middle) => around(middle, half, tallness);
    const isFree = (box) => isInside(box, room) && places.isFree(box);
    const isClear = (box) => ![...dots].some(([other, dot]) => other !== number && overlaps(box, dot));
    let at = half < radius * 2.1 && isFree(boxAt([x, y])) ? [x, y] : null;
    if (!at) for (const one of beside([x, y], half, tallness, type)) if (isFree(boxAt(one)) && isClear(boxAt(one))) { at = one; break; }
    if (!at) continue;
    places.take(boxAt(at));
    const isBeside = at[0] !== x || at[1] !== y;
    if (isBeside) {
      const end = [Math.min(at[0] + half, Math.max(at[0] - half, x)), Math.min(at[1] + tallness, Math.max(at[1] - tallness, y))];
      nodes.push(element("path", { class: "small-leader", d: `M${x} ${y}L${end[0]} ${end[1]}` }), element("circle", { class: "small-dot", cx: x, cy: y, r: 3 * unit }));
    }
    const sign = element("g", { class: "label", "data-match": isBeside ? 0 : 1, "data-class": classes[number], "font-size": type });
    if (isBeside) {
      sign.classList.add("is-beside");
      element("rect", { x: at[0] - half, y: at[1] - tallness, width: 2 * half, height: 2 * tallness, rx: 3 * unit }, sign);
    }
    if (county.road && !county.opened) sign.dataset.road = "unknown";
    const baseline = roles.length || more ? at[1] - tallness + type * 0.9 : at[1] + type * 0.36;
    element("text", { class: "name", x: at[0], y: baseline }, sign, name);
    if (more) element("text", { class: "said-of", x: at[0], y: baseline + type * 1.1 }, sign, more);
    if (roles.length) {
      const marks = element("text", { class: "role-marks", x: at[0], y: baseline + type * 1.1 }, sign);
      for (const id of roles) element("tspan", { class: "mark", "data-role": id }, marks, options[id].mark);
    }
    nodes.push(sign);
  }
  drawn.labels.replaceChildren(...nodes);
}

function legend(drawn, view, classes) {
  const amount = (test) => drawn.mine.filter(test).length;
  const layer = layers[view.layer];
  const items = legendOf(view).map((row) => ({ ...row, n: amount((number) => classes[number] === row.id) })).filter(({ n }) => n);
  const unit = layer.unit[view.lang];
  const rows = items.map(({ id, n, ...row }) => node("li", {}, swatch(id, view.layer), `${row.label}${unit ? ` ${unit}` : ""} `, node("strong", {}, String(n))));
  if (layer.counts) {
    for (const id of groups[layer.group]) {
      const n = amount((number) => rolesOf(counties[number], view).includes(id));
      if (n) rows.push(node("li", {}, badge(id), ` ${optionName(id)} `, node("strong", {}, String(n))));
    }
  }
  if (items.some(({ outside }) => !outside)) {
    for (const note of layer.notes) rows.push(node("li", { className: "quiet" }, swatch(note.class, view.layer, note.unopened), note[view.lang]));
  }
  if (drawn.mine.some((number) => !counties[number].county)) rows.push(node("li", {}, swatch("na", view.layer), word("legend_na")));
  drawn.legend.replaceChildren(...rows);
  drawn.legend.setAttribute("aria-label", word("legend"));
}

/* ---- one map, drawn once for its size and language, painted anew for a layer ---------------------------------------- */

const watcher = new ResizeObserver((entries) => { for (const { target } of entries) if (target.isConnected) fill(target.parentElement, state.view); });

export function fill(place, view) {
  const code = place.dataset.map;
  const room = code === "province" ? null : roomOf(place);
  const key = [code, place.dataset.picked, place.dataset.prefecture, view.lang, room?.clientWidth, room?.clientHeight].join();
  let drawn = maps.get(place);
  if (drawn?.key !== key) {
    if (room && !(data.prefecture_box[code] && room.clientWidth)) return;
    drawn = { ...(room ? prefecture(place, code) : locator(place)), key, painted: "" };
    maps.set(place, drawn);
  }
  if (!room) return;
  /* All its counties, whatever the filter: a prefecture's turn is about every one of them. */
  const mine = { ...view, layer: place.dataset.layer || view.layer, cluster: [], energy: [] };
  const painted = `${mine.layer} ${layers[mine.layer].store ? [...data.classes[mine.layer], ...state.standing.said].join() : ""} ${JSON.stringify(state.standing.roads)}`;
  if (drawn.painted === painted) return;
  drawn.painted = painted;
  paint(drawn, mine);
}

/* The buttons of a page that is kept stay as they were pressed when it was last seen. */
function press(button, view) {
  const pressed = String(button.dataset.choice === `layer=${view.layer}`);
  if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
}

sheets.addMaker(".small-map", fill);
sheets.addMaker("[data-choice^='layer=']", press);
