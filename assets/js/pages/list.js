/* The list of the matching counties. */
import { counties, data, groups, layers, numberOf } from "../core/data.js";
import { byId, node } from "../core/node.js";
import { bandName, countyName, optionName, sayPeople, word } from "../core/words.js";
import { paths } from "../map/county_map.js";
import { badge } from "../map/marks.js";
import * as compare from "./compare.js";

const bandRank = (county) => groups.band.indexOf(county.band || data.unlisted);
const SORTS = {
  code: () => 0,
  band: (a, b) => bandRank(a) - bandRank(b),
  roles: (a, b) => b.clusters.length + b.energy.length - a.clusters.length - a.energy.length,
  road: (a, b) => (a.road || 9999) - (b.road || 9999),
  population: (a, b) => b.people - a.people,
  name: (a, b) => a.seek.localeCompare(b.seek),
};
let rowsIn = null;
let valuesIn = "";
let rows = [];

function makeRows(lang) {
  rowsIn = lang;
  rows = counties.map((county, number) => node("li", {},
    node("button", { type: "button", className: "row-pick", "data-adcode": county.adcode },
      node("span", { className: "row-name" }, countyName(number)),
      node("span", { className: "row-prefecture" }, optionName(county.prefecture)),
      node("span", { className: "row-band" }),
      node("span", { className: "row-roles" }, ...[...county.clusters, ...county.energy].map((id) => badge(id))),
      node("span", { className: "row-road" }, county.road ? optionName(county.road) : "")),
    node("button", { type: "button", className: "row-compare", "data-compare": county.adcode, "aria-pressed": "false" })));
}

export function showList(view, matched) {
  const room = byId("county-list");
  if (!room) return;
  if (rowsIn !== view.lang) makeRows(view.lang);
  const key = byId("sort")?.value || "code";
  const order = counties.map((_, number) => number).filter((number) => matched[number]);
  if (key !== "code") order.sort((a, b) => SORTS[key](counties[a], counties[b]) || a - b);
  const valued = layers[view.layer].told === "people" || key === "population" ? "people" : "band";
  if (valuesIn !== valued + rowsIn) {
    valuesIn = valued + rowsIn;
    rows.forEach((row, number) => {
      row.querySelector(".row-band").textContent = valued === "band" ? bandName(counties[number]) : sayPeople(counties[number].people);
    });
  }
  room.replaceChildren(...order.map((number) => rows[number]));
  compare.paint(room, view);
  if (!order.length) room.append(node("li", { className: "nobody" }, word("list_none")));
  room.querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
  if (view.county) rows[numberOf[view.county]].firstChild.setAttribute("aria-current", "true");
}

for (const [type, over] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(type, (event) => {
    const row = event.target.closest?.(".row-pick");
    if (row) paths[numberOf[row.dataset.adcode]].classList.toggle("is-pointed", over);
  });
}
