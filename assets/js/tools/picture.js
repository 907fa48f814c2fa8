/* The map as it stands, as one SVG or PNG file: title, filter, map, legend, sources. Made here, without the server. */
import { data } from "../core/data.js";
import { SVG, byId, element } from "../core/node.js";
import * as server from "../core/server.js";
import { state } from "../core/view.js";
import { word } from "../core/words.js";
import { svg as map } from "../map/county_map.js";

const WIDTH = 1600, MARGIN = 40, SCALE = 2; // px of the picture, and pixels of the PNG for each
const PAINT = ["fill", "stroke", "stroke-linejoin", "stroke-linecap", "paint-order", "font-weight", "text-anchor", "fill-rule"];

const { inset, inset_at: insetAt } = data.frame;
const enlarged = insetAt[2] / (inset[2] - inset[0]);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const zoomed = () => window.d3.zoomTransform(map).k;

/* A copy of a drawn element that carries its own colours; `pixel` turns stroke widths into its units. */
function painted(original, pixel) {
  const copy = original.cloneNode(false);
  const style = getComputedStyle(original);
  if (style.display === "none") return null;
  for (const name of ["class", "style", "tabindex", "role", "aria-pressed", "aria-label", "aria-hidden"]) copy.removeAttribute(name);
  if (original.matches("path, rect, circle, text, tspan")) {
    for (const name of PAINT) copy.setAttribute(name, style.getPropertyValue(name).replace(/url\("(#[^"]+)"\)/, "url($1)"));
    const inText = original.matches("text, tspan");
    const width = parseFloat(style.strokeWidth) || 0;
    copy.setAttribute("stroke-width", inText || style.vectorEffect === "none" ? width : width * pixel);
    if (original.matches("path.county")) element("title", {}, copy, original.getAttribute("aria-label"));
  }
  /* The inset shows the same shapes enlarged, so its lines are thinner in its own units. */
  const inside = original.id === "inset-shapes" ? pixel * zoomed() / enlarged : pixel;
  for (const child of original.childNodes) {
    const made = child.nodeType === Node.TEXT_NODE ? child.cloneNode() : child.nodeType === Node.ELEMENT_NODE ? painted(child, inside) : null;
    if (made) copy.append(made);
  }
  return copy;
}

function drawnMap(x, y, width, height) {
  const [, , frameWidth, frameHeight] = map.getAttribute("viewBox").split(" ").map(Number);
  const pixel = Math.max(frameWidth / width, frameHeight / height) * 1.15;
  const copy = painted(map, pixel / zoomed());
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, value);
  for (const name of ["id", "data-layer", "data-form"]) copy.removeAttribute(name);
  copy.querySelector("#hover-ring")?.remove();
  for (const path of copy.querySelectorAll("[data-adcode]")) path.setAttribute("id", `county-${path.dataset.adcode}`);
  return copy;
}

function drawnPanels(sheet, x, y, width, height) {
  const figures = [...byId("panels").children];
  const columns = Math.ceil(Math.sqrt(figures.length));
  const rows = Math.ceil(figures.length / columns);
  const w = width / columns, h = height / rows;
  figures.forEach((figure, i) => {
    const left = x + (i % columns) * w, top = y + Math.floor(i / columns) * h;
    const title = figure.querySelector(".panel-title").lastChild.textContent;
    element("text", { x: left, y: top + 22, "font-size": 20, "font-weight": 600, fill: colour("--ink") }, sheet, `${title}  ${figure.querySelector(".panel-count").textContent}`);
    const svg = figure.querySelector("svg");
    const copy = painted(svg, svg.viewBox.baseVal.width / w);
    for (const [name, value] of Object.entries({ x: left, y: top + 30, width: w - 16, height: h - 44 })) copy.setAttribute(name, value);
    sheet.append(copy);
  });
}

function drawnLegend(sheet, right, y) {
  const rows = [...byId("legend").querySelectorAll("h3, .legend-row, .legend-notes li")];
  const width = 330;
  const x = right - width;
  const room = element("g", {}, sheet);
  const ground = element("rect", { x: x - 14, y, width: width + 14, rx: 8, fill: colour("--panel"), stroke: colour("--line") }, room);
  /* The hatches are drawn in the map's units; a swatch needs them small. */
  const small = (id) => {
    if (room.querySelector(`#small-${id}`)) return `url(#small-${id})`;
    const pattern = painted(byId(id), 1);
    pattern.id = `small-${id}`;
    pattern.setAttribute("patternTransform", `${pattern.getAttribute("patternTransform") || ""} scale(.09)`);
    room.append(pattern);
    return `url(#small-${id})`;
  };
  let line = y + 14;
  for (const row of rows) {
    const heading = row.tagName === "H3";
    const label = heading ? row.textContent : row.querySelector(".legend-label")?.textContent ?? row.textContent;
    line += 26;
    const swatch = row.querySelector(".swatch, .badge-mark, .swatch-park");
    if (swatch) {
      const style = getComputedStyle(swatch);
      const badge = swatch.matches(".badge-mark");
      const hatch = style.getPropertyValue("--hatch");
      const fill = hatch ? small(`hatch-${hatch.trim()}`) : style.backgroundColor;
      const shape = { x: badge ? x + 3 : x, y: line - 15, width: badge ? 20 : 26, height: badge ? 20 : 16, rx: badge ? 4 : 0, fill, stroke: badge ? "none" : colour("--edge") };
      if (swatch.matches(".swatch-park")) element("path", { d: `M${x + 13} ${line - 14}l7 7l-7 7l-7 -7z`, fill: style.backgroundColor }, room);
      else element("rect", shape, room);
      if (badge) element("text", { x: x + 13, y: line, "font-size": 14, "font-weight": 700, "text-anchor": "middle", fill: style.color }, room, swatch.textContent);
    }
    element("text", { x: swatch ? x + 36 : x, y: line, "font-size": heading ? 18 : 16, "font-weight": heading ? 600 : 400, fill: colour("--ink") }, room, label);
    const amount = row.querySelector(".legend-count");
    if (amount) element("text", { x: right - 14, y: line, "font-size": 16, "text-anchor": "end", fill: colour("--quiet") }, room, amount.textContent);
  }
  ground.setAttribute("height", line - y + 14);
}

function sheetOf() {
  const panels = state.view.map === "panels";
  const top = 112, mapHeight = Math.round((WIDTH - 2 * MARGIN) / 1.3), sources = data.sources[state.view.lang];
  const height = top + mapHeight + 30 + sources.length * 22 + 20;
  const sheet = element("svg", { xmlns: SVG, width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, "font-family": getComputedStyle(document.body).fontFamily });
  element("rect", { width: WIDTH, height, fill: colour("--paper") }, sheet);
  element("text", { x: MARGIN, y: 56, "font-size": 34, "font-weight": 700, fill: colour("--ink") }, sheet, byId("map-title").textContent);
  element("text", { x: MARGIN, y: 92, "font-size": 20, fill: colour("--quiet") }, sheet, byId("map-sentence").textContent);
  if (panels) drawnPanels(sheet, MARGIN, top, WIDTH - 2 * MARGIN, mapHeight);
  else {
    sheet.append(drawnMap(MARGIN, top, WIDTH - 2 * MARGIN, mapHeight));
    drawnLegend(sheet, WIDTH - MARGIN, 40);
  }
  sources.forEach((text, i) => element("text", { x: MARGIN, y: height - 20 - (sources.length - 1 - i) * 22, "font-size": 15, fill: colour("--quiet") }, sheet, text));
  return sheet;
}

function save(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${data.place}-counties-${state.view.layer}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export async function picture(kind) {
  try {
    const sheet = sheetOf();
    const svg = new Blob([new XMLSerializer().serializeToString(sheet)], { type: "image/svg+xml;charset=utf-8" });
    if (kind === "svg") { save(svg, "svg"); return; }
    const image = new Image();
    image.src = URL.createObjectURL(svg);
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = sheet.getAttribute("width") * SCALE;
    canvas.height = sheet.getAttribute("height") * SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new Error("the canvas gave no picture");
    save(blob, "png");
  } catch (error) {
    console.warn(error);
    server.say(word("picture_failed"));
  }
}
