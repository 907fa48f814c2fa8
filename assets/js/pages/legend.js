/* The legend: counts of the classes among the matching counties; a class that is an option filters. */
import { counties, data, groups, layers, options } from "../core/data.js";
import { byId, node } from "../core/node.js";
import { stage } from "../core/stage.js";
import { sets } from "../core/view.js";
import { legendOf, optionName, word } from "../core/words.js";
import { badge, swatch } from "../map/marks.js";

export function showLegend(view, matched) {
  const room = byId("legend");
  if (!room) return;
  const layer = layers[view.layer];
  const chosen = view[layer.group] ?? [];
  const amount = {};
  sets.classes(view).forEach((id, number) => { if (matched[number]) amount[id] = (amount[id] || 0) + 1; });
  /* A state that nobody is in is not named, and a stage has no room for any class that is neither there nor to be
     pressed; what else the chosen counties hold has no number there, which would be taken for the whole kind's. */
  const isTold = ({ id, option }) => amount[id] || option || !(stage.leastType || layer.store);
  const isWhole = (id) => !stage.leastType || !chosen.length || chosen.includes(id);
  const press = (id) => ({ type: "button", className: "legend-row", "data-legend": id, "aria-pressed": sets.stateOf(view, id) === "include" });
  const said = (label, count) => [node("span", { className: "legend-label" }, label), node("span", { className: "legend-count" }, count)];
  const row = ({ id, label, option }) => node("li", {}, node(
    option ? "button" : "span", option ? press(id) : { className: "legend-row" },
    swatch(id, view.layer), ...said(label, option && !isWhole(id) ? "" : String(amount[id] || 0)),
  ));
  const unit = layer.unit[view.lang];
  const parts = [
    node("h3", {}, layer.name[view.lang], unit ? node("small", {}, ` ${unit}`) : null),
    node("ul", { className: "legend-scale" }, ...legendOf(view).filter(isTold).map(row)),
  ];
  if (layer.counts) {
    const held = (id) => options[id].held.filter((number) => matched[number]).length;
    parts.push(node("ul", { className: "legend-marks" }, ...groups[layer.group].map((id) =>
      node("li", {}, node("button", press(id), badge(id), ...said(optionName(id), isWhole(id) ? String(held(id)) : ""))))));
  }
  const notes = layer.notes.map((note) => node("li", {}, swatch(note.class, view.layer, note.unopened), note[view.lang]));
  if (layer.parks && view.map !== "tile") {
    const mark = node("span", { className: "swatch-park", "aria-hidden": "true" });
    const about = word(view.parks ? "legend_parks" : "legend_parks_off", { n: data.parks.length });
    if (!stage.isOpen) notes.push(node("li", {}, node("button", { type: "button", className: "legend-row", "data-action": "parks", "aria-pressed": Boolean(view.parks) }, mark, about)));
    else if (view.parks) notes.push(node("li", {}, mark, about));
  }
  if (sets.leavesOut(matched)) {
    notes.push(node("li", {}, node("span", { className: "swatch", "data-match": "0" }), word("legend_unmatched")));
  }
  if (counties.some((county) => !county.county)) notes.push(node("li", {}, swatch("na", view.layer), word("legend_na")));
  if (notes.length) parts.push(node("ul", { className: "legend-notes" }, ...notes));
  room.replaceChildren(...parts);
  room.setAttribute("aria-label", word("legend"));
}
