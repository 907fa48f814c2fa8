/* The list of the matching counties, ranked by the layer: name, value, a thin bar. */
import { counties, data, groups, layers, numberOf } from "../core/data.js";
import { byId, node, put } from "../core/node.js";
import { sets, state } from "../core/view.js";
import { bandName, countyName, legendOf, optionName, roadText, sayPeople, word } from "../core/words.js";
import { paths } from "../map/county_map.js";
import { badge } from "../map/marks.js";
import * as compare from "./compare.js";

/* What a layer says of a county, by what its headline speaks of: the part of the bar that it fills, null where nothing
   is known, and the words. Ranked by the part, where no other order is named. */
const bandRank = (county) => groups.band.indexOf(county.band || data.unlisted);
const mostOf = (amounts) => Math.max(1, ...amounts);
const classOf = (view, number) => data.classes[view.layer][number];
const RANKS = {
  most: (view) => {
    const rows = legendOf(view);
    const at = (number) => rows.findIndex(({ id, outside }) => id === classOf(view, number) && !outside);
    return { share: (number) => (at(number) < 0 ? 0 : 1 - at(number) / rows.length), said: (number) => rows[at(number)]?.label ?? "—" };
  },
  band: () => ({
    share: (number) => (counties[number].band ? 1 - bandRank(counties[number]) / (groups.band.length - 1) : null),
    said: (number) => bandName(counties[number]),
  }),
  counts: (view) => {
    const roles = counties.map((_, number) => sets.rolesOf(view, number));
    const most = mostOf(roles.map(({ length }) => length));
    return { share: (number) => roles[number].length / most, said: () => "", marks: (number) => roles[number] };
  },
  road: () => ({
    share: (number) => (counties[number].road ? (counties[number].opened ? 1 : 0) : null),
    said: (number) => (counties[number].road ? roadText(counties[number]) : word("legend_road_none")),
    rank: (number) => Number(counties[number].road || 9999) + (counties[number].opened ? 0 : 0.5),
  }),
  states: (view) => {
    const { rows, shares } = state.standing.layers[view.layer];
    const at = (number) => rows.findIndex(({ id }) => id === classOf(view, number));
    return {
      share: (number) => shares[number]?.[0] ?? null,
      said: (number) => shares[number]?.[1] ?? rows[at(number)]?.[view.lang] ?? "",
      rank: (number) => (shares[number] ? -shares[number][2] : 1000 + at(number)),
    };
  },
  people: () => {
    const most = mostOf(counties.map(({ people }) => people ?? 0));
    return { share: (number) => (counties[number].people === null ? null : counties[number].people / most), said: (number) => sayPeople(counties[number].people) };
  },
};
const ranking = (view) => RANKS[layers[view.layer].finding](view);

const SORTS = {
  code: () => 0,
  band: (a, b) => bandRank(a) - bandRank(b),
  roles: (a, b) => b.clusters.length + b.energy.length - a.clusters.length - a.energy.length,
  road: (a, b) => (a.road || 9999) - (b.road || 9999),
  population: (a, b) => b.people - a.people,
  name: (a, b) => a.seek.localeCompare(b.seek),
};
function inOrder(numbers, key, { share, rank }) {
  if (SORTS[key]) return key === "code" ? numbers : numbers.sort((a, b) => SORTS[key](counties[a], counties[b]) || a - b);
  const by = rank ?? ((number) => -(share(number) ?? -1));
  return numbers.sort((a, b) => by(a) - by(b) || a - b);
}

let rowsIn = null;
let rows = [];
function makeRows(lang) {
  rowsIn = lang;
  rows = counties.map((county, number) => {
    const value = node("span", { className: "row-band" }), bar = node("span", { className: "row-bar", "aria-hidden": "true" });
    const item = node("li", {},
      node("button", { type: "button", className: "row-pick", "data-adcode": county.adcode },
        node("span", { className: "row-name" }, countyName(number)),
        node("span", { className: "row-prefecture" }, optionName(county.prefecture)), value, bar),
      node("button", { type: "button", className: "row-compare", "data-compare": county.adcode, "aria-pressed": "false" }));
    return { item, value, bar };
  });
}
function fillRow(number, { share, said, marks }) {
  const { value, bar } = rows[number];
  if (marks) value.replaceChildren(...marks(number).map((id) => badge(id))); else put(value, said(number));
  const part = share(number);
  bar.classList.toggle("is-unknown", part === null);
  bar.style.setProperty("--share", part ?? 0);
}

export function showList(view, matched) {
  const room = byId("county-list");
  if (!room) return;
  if (rowsIn !== view.lang) makeRows(view.lang);
  const by = ranking(view);
  const order = inOrder(counties.map((_, number) => number).filter((number) => matched[number]), byId("sort")?.value || "layer", by);
  for (const number of order) fillRow(number, by);
  room.replaceChildren(...order.map((number) => rows[number].item));
  compare.paint(room, view);
  if (!order.length) room.append(node("li", { className: "nobody" }, word("list_none")));
  room.querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
  if (view.county) rows[numberOf[view.county]].item.firstChild.setAttribute("aria-current", "true");
}

for (const [type, over] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(type, (event) => {
    const row = event.target.closest?.(".row-pick");
    if (row) paths[numberOf[row.dataset.adcode]].classList.toggle("is-pointed", over);
  });
}
