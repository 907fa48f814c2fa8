/* What the controls of the page do: chips, legend, choices, links, buttons, selects and keys. */
import { counties, data, numberOf } from "../core/data.js";
import * as dash from "../core/dash.js";
import { isTyping, plainKey } from "../core/keys.js";
import * as server from "../core/server.js";
import { address, change, clear, go, pick, press, sets, settleAddress, state, toggle } from "../core/view.js";
import { word } from "../core/words.js";
import { resetZoom, zoomBy, zoomToPrefecture } from "../map/county_map.js";
import { showList } from "../pages/list.js";
import * as sheets from "../pages/sheets.js";
import { toggleSpread } from "../pages/spread.js";
import { picture } from "./picture.js";
import * as provenance from "./provenance.js";

const ACTIONS = {
  clear,
  language: () => change({ lang: state.view.lang === "zh" ? "en" : "zh" }),
  theme: () => change({ theme: state.view.theme === "light" ? "dark" : "light" }, { push: false }),
  "zoom-in": () => zoomBy(1.6),
  "zoom-out": () => zoomBy(1 / 1.6),
  "zoom-reset": () => resetZoom(),
  "close-card": () => pick(null),
  "zoom-county": () => zoomToPrefecture(counties[numberOf[state.view.county]].prefecture),
  "toggle-filter": () => document.documentElement.classList.toggle("filter-open"),
  "toggle-spread": toggleSpread,
  "take-print": () => print(),
  "take-png": () => picture("png"),
  "take-svg": () => picture("svg"),
  kinds: (button) => {
    const kinds = data.kinds[button.dataset.kinds];
    const on = kinds.every((id) => sets.stateOf(state.view, id) === "include");
    change(kinds.reduce((view, id) => sets.withOption(view, id, on ? "off" : "include"), state.view));
  },
  "take-link": async () => {
    settleAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      server.say(word("link_copied"));
    } catch {
      server.say(word("link_failed"));
    }
  },
};

function act(id, target) {
  const file = data.files[id.replace("take-", "")];
  if (file) location.assign(`${file.path}?${address.write(state.view)}`);
  else ACTIONS[id]?.(target);
}

/* A chip before React hears of the press, which at its root looks for whom to tell: the map's frame waits for it. */
document.addEventListener("click", (event) => {
  const option = event.target.closest?.("[data-option]")?.dataset.option;
  if (!option) return;
  event.stopPropagation();
  provenance.hide(false);
  press(option);
}, true);
document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-legend],[data-choice],[data-action],a[data-page],[data-pick],[data-undo],.row-pick,#take .dropdown-item[id]");
  if (!target || target.closest("#county-map")) return;
  const { page, pick: picked, undo, legend, choice, action, adcode } = target.dataset;
  if (page) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(page);
  } else if (picked) {
    if (state.page !== "map") go("/");
    pick(picked);
  } else if (undo) dash.ask("undo-ask", { batch: Number(undo), at: Date.now() });
  else if (legend) toggle(legend);
  else if (choice) { const [key, value] = choice.split("="); change({ [key]: value }); }
  else if (action || target.id) act(action || target.id, target);
  else pick(adcode === state.view.county ? null : adcode);
});

const chosen = (value, none) => (value === none ? null : value);
const CHOICES = {
  sort: () => showList(state.view, state.matched),
  period: ({ value }) => change({ period: chosen(value, "latest") }),
  "progress-period": ({ value }) => change({ period: chosen(value, "latest") }),
  "behind-sort": ({ value }) => sheets.sortBehind(value),
  "quarter-sort": (select) => sheets.sortRows(select),
  "zoom-to": ({ value }) => zoomToPrefecture(chosen(value, "all")),
};
document.addEventListener("change", ({ target }) => CHOICES[target.id]?.(target));

export function onKey(event) {
  if (isTyping(event)) return false;
  if (plainKey(event) === "Escape" && state.view.county) pick(null);
  if (plainKey(event) === "t") change({ map: state.view.map === "tile" ? "true" : "tile" });
  return false; // whoever else wants it
}
