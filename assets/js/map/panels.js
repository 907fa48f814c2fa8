/* The panels: one small map a cluster, kind, year or class. */
import { counties, data, groups, layers, numberOf, options } from "../core/data.js";
import { byId, element, node } from "../core/node.js";
import { sets, state } from "../core/view.js";
import { countyName, legendOf, listed, optionName, word } from "../core/words.js";

const { width, height } = data.frame;
const TINY = 420; // map units: a city district would be too small to see
function panelClasses(view) {
  const { group, store, rising } = layers[view.layer];
  if (!group) {
    const now = sets.classes(view);
    const panels = legendOf(view).map(({ id, label }) => ({ id, title: label, held: now.flatMap((one, number) => (one === id ? [number] : [])) }));
    return (rising ? panels.reverse() : panels).filter(({ held }) => held.length || !store);
  }
  return groups[group].map((id) => ({ id, option: id, title: optionName(id), held: options[id].held }));
}

const FEW = 3; // counties that a panel's heading can name
export function paintPanels(view, matched) {
  const grid = byId("panels");
  if (!grid) return;
  const open = view.map === "panels";
  grid.hidden = !open;
  byId("county-map").toggleAttribute("hidden", open);
  document.documentElement.classList.toggle("in-panels", open);
  if (!open) { grid.replaceChildren(); return; }
  const panels = panelClasses(view);
  grid.classList.toggle("is-many", panels.length > 6);
  grid.setAttribute("aria-label", word("panels_label"));
  grid.replaceChildren(...panels.map(({ id, option, title, held }) => {
    const shown = held.filter((number) => matched[number]);
    const label = option
      ? node("button", { type: "button", className: "panel-title", "data-legend": option, "aria-pressed": sets.stateOf(view, option) === "include" },
        options[option].mark ? node("span", { className: "badge-mark", "data-role": option }, options[option].mark) : null, title)
      : node("span", { className: "panel-title" }, title);
    const caption = node("figcaption", {}, label, node("span", { className: "panel-count" }, String(shown.length)),
      node("span", { className: "panel-names" }, shown.length <= FEW ? listed(shown.map(countyName)) : ""));
    const map = element("svg", { viewBox: `0 0 ${width / data.coarse_scale} ${height / data.coarse_scale}`, role: "img", "aria-label": `${title}: ${shown.length} ${word("units")}` });
    const inside = new Set(held);
    counties.forEach((county, number) => element("path", {
      class: "small-county", d: data.coarse[number], "data-for": county.adcode,
      "data-held": inside.has(number) ? 1 : 0, "data-match": matched[number], "data-class": id,
    }, map));
    /* A dot stands on a city district. */
    for (const number of held) {
      const { box, label: [x, y] } = counties[number];
      if (!matched[number] || Math.max(box[2] - box[0], box[3] - box[1]) > TINY) continue;
      element("circle", { class: "small-dot", cx: x / data.coarse_scale, cy: y / data.coarse_scale, r: 17, "data-for": counties[number].adcode }, map);
    }
    element("path", { class: "small-picked", d: state.view.county ? data.coarse[numberOf[state.view.county]] : "" }, map);
    return node("figure", { className: "panel" }, caption, map);
  }));
}
