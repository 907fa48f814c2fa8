/* The strip of the spread charts under the map, and their twin in words: the same counts, each option a button. */
import { groups, options } from "../core/data.js";
import { byId, node } from "../core/node.js";
import { state } from "../core/view.js";
import { optionName, word } from "../core/words.js";
import * as charts from "./charts.js";

const html = document.documentElement;

export function setSpread(open) {
  html.classList.toggle("spread-open", open);
  byId("spread-toggle").setAttribute("aria-expanded", open);
}
export function toggleSpread() {
  setSpread(!html.classList.contains("spread-open"));
  charts.want();
}

export function showTables(matched) {
  byId("spread-tables")?.replaceChildren(...["band", "cluster", "energy", "prefecture"].map((group) => node("table", {},
    node("caption", {}, word(`spread_${group}`)),
    node("tbody", {}, ...groups[group].map((id) => node("tr", {},
      node("td", {}, node("button", { type: "button", "data-legend": id }, optionName(id))),
      node("td", {}, String(options[id].held.filter((number) => matched[number]).length))))))));
}
document.addEventListener("toggle", (event) => { if (event.target.id === "spread-table") showTables(state.matched); }, true);
