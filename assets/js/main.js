/* The browser's side, begun: who is told of a change, and of a key, in which order.

   Dash starts when all this stands: what it calls by name must be there before. `window.Atlas` is for Dash's clientside
   functions and for the tests in tests/browser; nothing else is global, and no module reads it. */
import * as boxes from "./core/boxes.js";
import { counties, data, numberOf } from "./core/data.js";
import { begin as beginKeys, keyFirst, keyLast } from "./core/keys.js";
import * as server from "./core/server.js";
import * as view from "./core/view.js";
import { emptySentence, sentence } from "./core/words.js";
import * as map from "./map/county_map.js";
import * as smallMaps from "./map/small_maps.js";
import * as decks from "./meeting/decks.js";
import * as charts from "./pages/charts.js";
import * as compare from "./pages/compare.js";
import * as rooms from "./pages/rooms.js";
import * as sheets from "./pages/sheets.js";
import * as palette from "./tools/palette.js";
import * as presses from "./tools/presses.js";
import * as provenance from "./tools/provenance.js";

/* The map first: it is what is waited for. */
view.onChange(map.show);
view.onChange(rooms.show);
view.onChange(charts.show);
view.onChange(() => provenance.hide(false));
view.onChange(compare.show);

keyFirst(palette.onKey);
keyFirst(provenance.onKey);
keyLast(map.onKey);
keyLast(presses.onKey);
keyLast(compare.onKey);
keyLast(decks.onKey);

const { state, address, sets } = view;
window.Atlas = {
  counties, data, numberOf, boxes, server, map, smallMaps, compare, palette,
  ...address, ...sets, sentence, emptySentence,
  change: view.change, press: view.press, toggle: view.toggle, clear: view.clear, pick: view.pick, go: view.go, setStanding: view.setStanding, atRest: view.atRest,
  get view() { return state.view; },
  get matched() { return state.matched; },
  get page() { return state.page; },
  get path() { return state.path; },
  get standing() { return state.standing; },
  meeting: null,
};
/* What Dash calls by name. */
window.dash_clientside = Object.assign(window.dash_clientside || {}, {
  atlas: { spread: charts.spread, press_bar: charts.pressBar, changed: (event) => { if (event) rooms.refresh(); } },
});

beginKeys();
server.begin();
sheets.begin();
rooms.begin();
compare.begin();

/* A meeting's scenes come with its page. */
async function begin() {
  if (document.getElementById("deck-data")) window.Atlas.meeting = await import("./meeting/meeting.js");
  if (document.readyState === "loading") await new Promise((done) => { document.addEventListener("DOMContentLoaded", done, { once: true }); });
  new window.DashRenderer();
}
begin();
