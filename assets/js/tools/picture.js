/* The map as it stands, as one SVG or PNG file: title, filter, map, legend, sources. Made here, without the server. */
import { data } from "../core/data.js";
import { SVG, byId, element } from "../core/node.js";
import * as server from "../core/server.js";
import { state } from "../core/view.js";
import { word } from "../core/words.js";
import { insetBox, svg as map } from "../map/county_map.js";
import { textWidth } from "../map/label_boxes.js";

const WIDTH = 1600, HEIGHT = 900, MARGIN = 40, SCALE = 2; // px of the picture, and pixels of the PNG for each
const PAINT = ["fill", "stroke", "stroke-linejoin", "stroke-linecap", "paint-order", "font-weight", "text-anchor", "fill-rule"];

const { inset } = data.frame;
const enlarged = () => insetBox()[2] / (inset[2] - inset[0]);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const zoomed = () => window.d3.zoomTransform(map).k;

/* A copy of a drawn element that carries its own colours; `pixel` turns stroke widths into its units. */
function painted(original, pixel) {
  const style = getComputedStyle(original);
  if (style.display === "none") return null;
  if (original.matches("use")) return repainted(original, style, pixel);
  const copy = original.cloneNode(false);
  for (const name of ["class", "style", "tabindex", "role", "aria-pressed", "aria-label", "aria-hidden"]) copy.removeAttribute(name);
  if (original.matches("path, rect, circle, text, tspan")) {
    for (const name of PAINT) copy.setAttribute(name, style.getPropertyValue(name).replace(/url\("(#[^"]+)"\)/, "url($1)"));
    const inText = original.matches("text, tspan");
    const width = parseFloat(style.strokeWidth) || 0;
    copy.setAttribute("stroke-width", inText || style.vectorEffect === "none" ? width : width * pixel);
    if (original.matches("path.county")) element("title", {}, copy, original.getAttribute("aria-label"));
  }
  /* The inset shows the same shapes enlarged, so its lines are thinner in its own units. */
  const inside = original.id === "inset-shapes" ? pixel * zoomed() / enlarged() : pixel;
  for (const child of original.childNodes) {
    const made = child.nodeType === Node.TEXT_NODE ? child.cloneNode() : child.nodeType === Node.ELEMENT_NODE ? painted(child, inside) : null;
    if (made) copy.append(made);
  }
  return copy;
}

/* What is shown a second time is painted a second time: its lines are as wide there as on the screen. */
function repainted(original, style, pixel) {
  const copy = painted(document.querySelector(original.getAttribute("href")), pixel);
  copy?.removeAttribute("id");
  const [line, wide] = ["--line-colour", "--line-width"].map((name) => style.getPropertyValue(name).trim());
  for (const path of copy?.querySelectorAll("path") ?? []) {
    if (line) path.setAttribute("stroke", line);
    if (wide) path.setAttribute("stroke-width", parseFloat(wide) * pixel);
  }
  copy?.setAttribute("opacity", style.opacity);
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

/* The legend as it stands over the map, in lines under each other; returns where it ends. */
function drawnLegend(sheet, top) {
  const rows = [...byId("legend").querySelectorAll("h3, .legend-row, .legend-notes li")].filter((row) => row.matches("h3, .legend-row") || !row.querySelector(".legend-row"));
  const room = element("g", {}, sheet);
  /* The hatches are drawn in the map's units; a swatch needs them small. */
  const small = (id) => {
    if (room.querySelector(`#small-${id}`)) return `url(#small-${id})`;
    const pattern = painted(byId(id), 1);
    pattern.id = `small-${id}`;
    pattern.setAttribute("patternTransform", `${pattern.getAttribute("patternTransform") || ""} scale(.09)`);
    room.append(pattern);
    return `url(#small-${id})`;
  };
  let x = MARGIN, line = top;
  for (const row of rows) {
    const isHeading = row.tagName === "H3";
    const isOff = row.dataset.action && row.getAttribute("aria-pressed") === "false"; // what could be shown and is not
    if (isOff) continue;
    const label = isHeading ? row.textContent : row.querySelector(".legend-label")?.textContent ?? row.textContent;
    const amount = row.querySelector(".legend-count")?.textContent ?? "";
    const swatch = row.querySelector(".swatch, .badge-mark, .swatch-park");
    const wide = (swatch ? 34 : 0) + textWidth(label, 17) + (amount ? 10 + textWidth(amount, 17) : 0);
    if (x + wide > WIDTH - MARGIN) { x = MARGIN; line += 28; }
    if (swatch) {
      const style = getComputedStyle(swatch);
      const badge = swatch.matches(".badge-mark");
      const hatch = style.getPropertyValue("--hatch");
      const fill = hatch ? small(`hatch-${hatch.trim()}`) : style.backgroundColor;
      const shape = { x, y: line - (badge ? 17 : 15), width: badge ? 22 : 26, height: badge ? 22 : 17, rx: badge ? 4 : 0, fill, stroke: badge ? "none" : colour("--edge") };
      if (swatch.matches(".swatch-park")) element("path", { d: `M${x + 13} ${line - 14}l7 7l-7 7l-7 -7z`, fill: style.backgroundColor }, room);
      else element("rect", shape, room);
      if (badge) element("text", { x: x + 11, y: line - 1, "font-size": 15, "font-weight": 700, "text-anchor": "middle", fill: style.color }, room, swatch.textContent);
    }
    const from = x + (swatch ? 34 : 0);
    element("text", { x: from, y: line, "font-size": 17, "font-weight": isHeading ? 600 : 400, fill: colour("--ink") }, room, label);
    if (amount) element("text", { x: from + textWidth(label, 17) + 10, y: line, "font-size": 17, fill: colour("--quiet") }, room, amount);
    x += wide + 24;
  }
  return line;
}

/* A slide's shape, 16 : 9. */
function sheetOf() {
  const sources = data.sources[state.view.lang].join(" · ");
  const sheet = element("svg", { xmlns: SVG, width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "font-family": getComputedStyle(document.body).fontFamily });
  element("rect", { width: WIDTH, height: HEIGHT, fill: colour("--paper") }, sheet);
  const title = byId("map-title").textContent;
  const size = Math.min(36, (36 * (WIDTH - 2 * MARGIN)) / textWidth(title, 36));
  element("text", { x: MARGIN, y: 54, "font-size": size, "font-weight": 700, fill: colour("--ink") }, sheet, title);
  const said = byId("filter-sentence").textContent;
  element("text", { x: MARGIN, y: 86, "font-size": 18, fill: colour("--quiet") }, sheet, said);
  const isPanels = state.view.map === "panels";
  const top = isPanels ? 104 : drawnLegend(sheet, 118) + 14;
  const room = [MARGIN, top, WIDTH - 2 * MARGIN, HEIGHT - 44 - top];
  if (isPanels) drawnPanels(sheet, ...room);
  else sheet.append(drawnMap(...room));
  element("text", { x: MARGIN, y: HEIGHT - 18, "font-size": Math.min(15, (15 * (WIDTH - 2 * MARGIN)) / textWidth(sources, 15)), fill: colour("--quiet") }, sheet, sources);
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
