/* The rooms around the map: what each shows of a view. A press asks nobody, but for a county's card. */
import { data, groups, layers, options } from "../core/data.js";
import * as dash from "../core/dash.js";
import { byId, node, put } from "../core/node.js";
import * as server from "../core/server.js";
import { FILTER, address, afterPaint, setStanding, sets, state } from "../core/view.js";
import { emptySentence, sayCounties, sentence, word } from "../core/words.js";
import * as countyMap from "../map/county_map.js";
import * as search from "../tools/search.js";
import * as charts from "./charts.js";
import { showLegend } from "./legend.js";
import { showList } from "./list.js";
import { showPeriods } from "./periods.js";
import { showCounts, showPressed } from "./rail.js";
import * as sheets from "./sheets.js";
import { setSpread, showTables } from "./spread.js";
import { buildTables } from "./tables.js";

const html = document.documentElement;

function showHeadings(view, matched) {
  const amount = sets.count(matched);
  put(byId("match-count"), sayCounties(amount));
  put(byId("list-count"), String(amount));
  if (state.page === "map" || state.page === "data") document.title = word("page_title");
  put(byId("map-title"), layers[view.layer].title[view.lang]);
  showLarge(matched);
}

/* The figures that lead the map: among the matching counties, from the states that are here already. */
function showLarge(matched) {
  const states = data.classes.progress.filter((_, number) => matched[number]);
  const amounts = Object.entries(data.large).map(([id, counted]) => [id, states.filter((one) => counted.includes(one)).length]);
  byId("map-large")?.replaceChildren(...amounts.filter(([, amount]) => amount).map(([id, amount]) => node("div", { "data-large": id },
    node("dt", {}, word(`large_${id}`)),
    node("dd", {}, String(amount)))));
}

/* ---- pages: the map stays where it is; the others are asked for when they are open --------------------------------- */

let dataShown = null; // the language in which the data page was last asked for
function showPage(view, matched) {
  for (const link of document.querySelectorAll("#pages a")) {
    if (link.dataset.page === state.path) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  showPeriods(view);
  sheets.show(view, matched);
  const isBuilt = byId("page")?.dataset.lang === view.lang; // after a press on the language the rooms are built anew
  if (state.page === "data" && dataShown !== view.lang && isBuilt) dash.ask("data-ask", (dataShown = view.lang));
  else if (state.page !== "data") dataShown = null;
}

/* ---- a view ---------------------------------------------------------------------------------------------------------- */

const SPREAD = ["band", "cluster", "energy", "prefecture"];
/* What the filter is in words, and how what it leaves spreads. */
function sayFilter(view, matched) {
  const amount = sets.count(matched);
  const said = sentence(view, amount);
  for (const id of ["filter-sentence", "map-sentence"]) put(byId(id), said);
  const held = (id) => options[id].held.filter((number) => matched[number]).length;
  dash.ask("spread-counts", Object.fromEntries(SPREAD.map((group) => [group, groups[group].map(held)])));
}

const ASKED = ["county", "lang"]; // what Python says something of: a card
const differ = (keys, view, other) => !other || keys.some((key) => String(other[key]) !== String(view[key]));
let shown = null; // the view these rooms last showed: a later press may overtake an earlier one

export function show(view, matched, before) {
  showPressed(view);
  if (before) afterPaint("rooms", () => showRest(view, matched, before));
  else showRest(view, matched, before);
}
function showRest(view, matched, before) {
  if (!state.isStaged) showCounts(view, matched); // a stage has no chips
  showHeadings(view, matched);
  showLegend(view, matched);
  if (byId("spread-table")?.open) showTables(matched);
  if (!before || differ([...FILTER, "county", "lang", "layer"], view, shown)) showList(view, matched);
  if (before && differ(["lang"], view, shown)) dash.ask("language", view.lang);
  if (before && differ(["lang", "period"], view, shown)) askLayer(view);
  showPage(view, matched);
  if (!before || differ([...FILTER, "lang"], view, shown)) sayFilter(view, matched);
  if (!before || (view.county && (differ(ASKED, view, shown) || html.classList.contains("is-offline")))) follow(before || state.isStaged ? address.write(view) : location.search.slice(1));
  else if (differ([...FILTER, ...ASKED], view, shown)) {
    clearTimeout(waiting);
    if (!view.county) dash.set("card", { children: null });
    const empty = sets.count(matched) ? "" : emptySentence(view);
    if (empty || (byId("notice")?.firstChild && !html.classList.contains("is-offline"))) server.say(empty);
  }
  shown = view;
}

/* A county's card, and once what of the address was ignored: after the map is painted, so that no press waits for it. */
let waiting = 0;
function follow(query) {
  clearTimeout(waiting);
  waiting = setTimeout(() => dash.ask("view", query), 30);
}
let layersAsked = 0; // the answer to the last question counts
function askLayer(view) {
  const mine = (layersAsked += 1);
  server.json(`/fragment/layer?${address.write(view)}`).then((given) => { if (mine === layersAsked) setStanding(given); }, () => {});
}
/* After an import or an undo: the layer, and whatever page is open, are asked for anew. */
export function refresh() {
  sheets.forget();
  askLayer(state.view);
}

/* ---- the rooms come from Dash, after the map; and again when the language changes ----------------------------------- */

function settle() {
  buildTables();
  const graph = document.querySelector("#spread-graph:not([tabindex])");
  if (graph) for (const [name, value] of [["tabindex", 0], ["role", "group"], ["aria-label", word("spread_charts")]]) graph.setAttribute(name, value);
  const file = document.querySelector("#import-file input[type=file]:not([aria-label])");
  file?.setAttribute("aria-label", document.querySelector("#import-file span").textContent);
  if (!countyMap.settle()) return;
  const first = html.classList.contains("is-starting");
  setSpread(first ? innerHeight >= 1000 && innerWidth >= 1500 : html.classList.contains("spread-open"));
  html.classList.remove("is-starting");
  setTimeout(dash.sendEarly);
  dataShown = null;
  show(state.view, state.matched, null);
  search.fill();
  charts.want();
  if (html.lang.startsWith("zh") !== (byId("page").dataset.lang === "zh")) dash.ask("language", state.view.lang);
}
export function begin() {
  new MutationObserver(settle).observe(byId("react-entry-point") || document.body, { childList: true, subtree: true, attributeFilter: ["data-table"] });
  settle();
}
