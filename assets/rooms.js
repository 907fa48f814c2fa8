/* The rooms around the map: chips and their counts, legend, list, headings; and the one message a press sends to Python. */
"use strict";

(() => {
  const { data, counties, options, groups, layers } = Atlas;
  const byId = (id) => document.getElementById(id);
  const node = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key.includes("-")) made.setAttribute(key, value);
      else made[key] = value;
    }
    made.append(...children);
    return made;
  };
  const put = (id, text) => { const place = byId(id); if (place && place.textContent !== text) place.textContent = text; };
  const badge = (id) => node("span", { className: "badge-mark", "data-role": id, "aria-hidden": "true" }, options[id].mark);

  /* ---- words about one county -------------------------------------------------------------------------------- */

  const tenThousand = (people) => (people / 10000).toFixed(1);
  Atlas.people = (people) => (people === null ? "—" : Atlas.view.lang === "zh" ? Atlas.text("people", { n: tenThousand(people) }) : people.toLocaleString("en"));
  Atlas.bandName = (county) => (county.band ? Atlas.optionName(county.band) : Atlas.text("none_band"));
  Atlas.accessibleName = (number) => {
    const county = counties[number];
    const name = Atlas.view.lang === "zh" ? county.zh : county.name_en;
    const { layer } = Atlas.view;
    const state = layers[layer].store && county.county ? [Atlas.storedName(data.classes[layer][number], layer)] : [];
    return [name, Atlas.optionName(county.prefecture), county.county ? Atlas.optionName(county.band || data.unlisted) : Atlas.text("not_county"), ...state]
      .join(Atlas.view.lang === "zh" ? "，" : ", ");
  };
  const roadText = (county) => {
    if (!county.road) return "";
    const state = county.opened ? `${Atlas.text("road_year", { y: county.opened })}${Atlas.view.lang === "zh" ? "" : " "}${Atlas.text("road_opened")}` : Atlas.text("road_unknown");
    return `${Atlas.optionName(county.road)} · ${state}`;
  };
  Atlas.describe = (number) => {
    const county = counties[number];
    const full = Atlas.view.lang === "zh" ? county.name : county.name_en;
    const lines = [node("strong", {}, full), node("span", { className: "hover-prefecture" }, Atlas.optionName(county.prefecture))];
    if (!county.county) return [...lines, node("p", {}, Atlas.text("not_county")), node("p", {}, Atlas.people(county.people))];
    lines.push(node("p", { className: "hover-band" }, Atlas.bandName(county)));
    const roles = [...county.clusters, ...county.energy];
    lines.push(roles.length
      ? node("ul", {}, ...roles.map((id) => node("li", {}, badge(id), Atlas.optionName(id))))
      : node("p", { className: "quiet" }, Atlas.text("no_roles")));
    const standing = Atlas.standing.said[number];
    if (standing) lines.push(node("p", {}, standing));
    const { layer } = Atlas.view;
    if (layers[layer].store) lines.push(node("p", { className: "hover-state" }, Atlas.storedName(data.classes[layer][number], layer)));
    if (county.road) lines.push(node("p", {}, roadText(county)));
    lines.push(node("p", { className: "quiet" }, Atlas.people(county.people)));
    return lines;
  };

  /* ---- chips: state, and how many counties each would leave --------------------------------------------------- */

  const PRESSED = { include: "true", exclude: "mixed", off: "false" };
  function showPressed(view) {
    for (const chip of document.querySelectorAll("[data-option]")) {
      const pressed = PRESSED[Atlas.stateOf(view, chip.dataset.option)];
      if (chip.getAttribute("aria-pressed") !== pressed) chip.setAttribute("aria-pressed", pressed);
    }
    for (const control of document.querySelectorAll("[data-choice]")) {
      const [key, value] = control.dataset.choice.split("=");
      const pressed = String(view[key] === value);
      if (control.getAttribute("aria-pressed") !== pressed) control.setAttribute("aria-pressed", pressed);
    }
  }
  function showChipCounts(view, matched) {
    for (const chip of document.querySelectorAll("[data-option]")) {
      const id = chip.dataset.option;
      const state = Atlas.stateOf(view, id);
      const left = state === "include" ? Atlas.count(matched) : Atlas.count(Atlas.match(Atlas.withOption(view, id, "include")));
      const place = chip.querySelector(".chip-count");
      if (place.textContent !== String(left)) place.textContent = left;
      chip.classList.toggle("leaves-none", left === 0);
    }
    const empty = Object.keys(groups).every((group) => !view[group].length) && !view.not.length;
    byId("clear")?.toggleAttribute("disabled", empty);
    const theme = byId("theme-toggle");
    if (theme) theme.setAttribute("aria-label", Atlas.text(view.theme === "light" ? "theme_to_dark" : "theme_to_light"));
  }

  /* ---- legend: counts of the classes among the matching counties; a class that is an option filters ------------ */

  const swatch = (id, { layer, unopened = false }) =>
    node("span", { className: "swatch", "data-class": id, "data-layer": layer, "aria-hidden": "true", ...(unopened ? { "data-road": "unknown" } : {}) });
  Atlas.swatch = swatch;

  function showLegend(view, matched) {
    const room = byId("legend");
    if (!room) return;
    const layer = layers[view.layer];
    const chosen = view[layer.group] ?? [];
    const now = Atlas.classes(view);
    const amount = {};
    now.forEach((id, number) => { if (matched[number]) amount[id] = (amount[id] || 0) + 1; });
    const row = ({ id, label, option }) => node("li", {}, node(
      option ? "button" : "span",
      { className: "legend-row", ...(option ? { type: "button", "data-legend": id, "aria-pressed": String(Atlas.stateOf(view, id) === "include") } : {}) },
      swatch(id, view),
      node("span", { className: "legend-label" }, label),
      node("span", { className: "legend-count" }, option && !isWhole(id) ? "" : String(amount[id] || 0)),
    ));
    /* A state that nobody is in is not named, and a stage has no room for any class that is neither there nor to be
       pressed; what else the chosen counties hold has no number there, which would be taken for the whole kind's. */
    const isTold = ({ id, option }) => amount[id] || option || !(Atlas.leastType || layer.store);
    const isWhole = (id) => !Atlas.leastType || !chosen.length || chosen.includes(id);
    const unit = layer.unit[view.lang];
    const parts = [
      node("h3", {}, layer.name[view.lang], ...(unit ? [node("small", {}, ` ${unit}`)] : [])),
      node("ul", { className: "legend-scale" }, ...Atlas.legend(view).filter(isTold).map(row)),
    ];
    if (layer.counts) {
      parts.push(node("ul", { className: "legend-marks" }, ...groups[layer.group].map((id) => node("li", {}, node(
        "button",
        { type: "button", className: "legend-row", "data-legend": id, "aria-pressed": String(Atlas.stateOf(view, id) === "include") },
        badge(id),
        node("span", { className: "legend-label" }, Atlas.optionName(id)),
        node("span", { className: "legend-count" }, isWhole(id) ? String(options[id].held.filter((number) => matched[number]).length) : ""),
      )))));
    }
    const notes = layer.notes.map((note) => node("li", {}, swatch(note.class, { layer: view.layer, unopened: note.unopened }), note[view.lang]));
    if (layer.parks && view.map !== "tile") {
      notes.push(node("li", {}, node("span", { className: "swatch-park", "aria-hidden": "true" }), Atlas.text("legend_parks", { n: data.parks.length })));
    }
    if (Atlas.count(matched) < counties.filter((county) => county.county).length) {
      notes.push(node("li", {}, node("span", { className: "swatch", "data-match": "0" }), Atlas.text("legend_unmatched")));
    }
    if (counties.some((county) => !county.county)) notes.push(node("li", {}, swatch("na", view), Atlas.text("legend_na")));
    if (notes.length) parts.push(node("ul", { className: "legend-notes" }, ...notes));
    room.replaceChildren(...parts);
    room.setAttribute("aria-label", Atlas.text("legend"));
  }

  /* ---- list ------------------------------------------------------------------------------------------------------ */

  const bandRank = (county) => { const rank = groups.band.indexOf(county.band || data.unlisted); return rank; };
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
  let rowNodes = [];
  function makeRows(lang) {
    rowsIn = lang;
    rowNodes = counties.map((county, number) => {
      const roles = [...county.clusters, ...county.energy].map(badge);
      const button = node("button", { type: "button", className: "row-pick", "data-adcode": county.adcode },
        node("span", { className: "row-name" }, Atlas.name(number)),
        node("span", { className: "row-prefecture" }, Atlas.optionName(county.prefecture)),
        node("span", { className: "row-band" }),
        node("span", { className: "row-roles" }, ...roles),
        node("span", { className: "row-road" }, county.road ? Atlas.optionName(county.road) : ""));
      const toggle = node("button", { type: "button", className: "row-compare", "data-compare": county.adcode, "aria-pressed": "false" });
      return node("li", {}, button, toggle);
    });
  }
  function showList(view, matched) {
    const room = byId("county-list");
    if (!room) return;
    if (rowsIn !== view.lang) makeRows(view.lang);
    const key = byId("sort")?.value || "code";
    const order = counties.map((_, number) => number).filter((number) => matched[number]);
    if (key !== "code") order.sort((a, b) => SORTS[key](counties[a], counties[b]) || a - b);
    const valued = layers[view.layer].told === "people" || key === "population" ? "people" : "band";
    if (valuesIn !== valued + rowsIn) {
      valuesIn = valued + rowsIn;
      rowNodes.forEach((row, number) => {
        row.querySelector(".row-band").textContent = valued === "band" ? Atlas.bandName(counties[number]) : Atlas.people(counties[number].people);
      });
    }
    room.replaceChildren(...order.map((number) => rowNodes[number]));
    Atlas.compare?.paint(room, view);
    if (!order.length) room.append(node("li", { className: "nobody" }, Atlas.text("list_none")));
    room.querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
    if (view.county) rowNodes[Atlas.numberOf[view.county]].firstChild.setAttribute("aria-current", "true");
  }

  function showHeadings(view, matched) {
    const amount = Atlas.count(matched);
    put("match-count", `${amount} ${amount === 1 ? Atlas.text("unit_one") : Atlas.text("units")}`);
    put("list-count", String(amount));
    if (Atlas.page === "map" || Atlas.page === "data") document.title = Atlas.text("page_title");
    put("map-title", layers[view.layer].title[view.lang]);
    showLarge(matched);
  }

  /* The figures that lead the map: among the matching counties, from the states that are here already. */
  function showLarge(matched) {
    const states = data.classes.progress.filter((_, number) => matched[number]);
    const amounts = Object.entries(data.large).map(([id, counted]) => [id, states.filter((state) => counted.includes(state)).length]);
    byId("map-large")?.replaceChildren(...amounts.filter(([, amount]) => amount).map(([id, amount]) => node("div", { "data-large": id },
      node("dt", {}, Atlas.text(`large_${id}`)),
      node("dd", {}, String(amount)))));
  }

  /* The charts' twin in words: the same counts, each option a button. */
  function showTables(matched) {
    byId("spread-tables")?.replaceChildren(...["band", "cluster", "energy", "prefecture"].map((group) => node("table", {},
      node("caption", {}, Atlas.text(`spread_${group}`)),
      node("tbody", {}, ...groups[group].map((id) => node("tr", {},
        node("td", {}, node("button", { type: "button", "data-legend": id }, Atlas.optionName(id))),
        node("td", {}, String(options[id].held.filter((number) => matched[number]).length))))))));
  }

  function show(view, matched, before) {
    showPressed(view);
    if (before) Atlas.afterPaint("rooms", () => showRest(view, matched, before));
    else showRest(view, matched, before);
  }
  /* ---- pages: the map stays where it is; the others are asked for when they are open --------------------------- */

  let dataShown = null; // the language in which the data page was last asked for
  function showPage(view, matched) {
    for (const link of document.querySelectorAll("#pages a")) {
      if (link.dataset.page === Atlas.path || Atlas.path.startsWith(`${link.dataset.page}/`)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    showPeriods(view);
    Atlas.sheets?.show(view, matched);
    const isBuilt = byId("page")?.dataset.lang === view.lang; // after a press on the language the rooms are built anew
    if (Atlas.page === "data" && dataShown !== view.lang && isBuilt) ask("data-ask", (dataShown = view.lang));
    else if (Atlas.page !== "data") dataShown = null;
  }

  function showPeriods(view) {
    for (const select of [byId("period"), byId("progress-period")]) if (select) fillPeriods(select, view);
  }
  function fillPeriods(select, view) {
    const { periods: known } = Atlas.standing; // the latest first
    const periods = !view.period || known.includes(view.period) ? known : [view.period, ...known];
    if (select.dataset.periods !== periods.join()) {
      select.dataset.periods = periods.join();
      select.querySelectorAll("option[data-period]").forEach((option) => option.remove());
      select.append(...periods.map((period) => node("option", { value: period, "data-period": period }, period)));
    }
    select.value = periods.includes(view.period) ? view.period : "latest";
  }

  let shown = null; // the view these rooms last showed: a later press may overtake an earlier one
  function showRest(view, matched, before) {
    if (!Atlas.isStaged) showChipCounts(view, matched); // a stage has no chips
    showHeadings(view, matched);
    showLegend(view, matched);
    if (byId("spread-table")?.open) showTables(matched);
    const differ = (keys, other) => !other || keys.some((key) => String(other[key]) !== String(view[key]));
    if (!before || differ([...FILTER_KEYS, "county", "lang", "layer"], shown)) showList(view, matched);
    if (before && differ(["lang"], shown)) ask("language", view.lang);
    if (before && differ(["lang", "period"], shown)) askLayer(view);
    showPage(view, matched);
    if (Atlas.isScene?.(view)) clearTimeout(waiting); // a deck says itself what Python would
    else if (!before || differ(ASKED_KEYS, shown)) follow(before || Atlas.isStaged ? Atlas.write(view) : location.search.slice(1));
    shown = view;
  }
  const FILTER_KEYS = [...Object.keys(groups), "not", "cluster_op", "energy_op"];
  const ASKED_KEYS = [...FILTER_KEYS, "county", "lang"];

  /* ---- the one message to Python: after the map is painted, so that no press waits for it ------------------------ */

  /* What is asked before Dash stands waits for it; the last of each kind counts. */
  const early = new Map();
  let dashStands = false;
  const ask = (id, value) => {
    if (dashStands) window.dash_clientside.set_props(id, { data: value });
    else early.set(id, value);
  };
  function sendEarly() {
    if (dashStands || !window.dash_clientside?.set_props) return;
    dashStands = true;
    for (const [id, value] of early) ask(id, value);
    early.clear();
  }
  Atlas.ask = ask;
  let waiting = 0;
  function follow(query) {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask("view", query), 30);
  }
  /* After an import or an undo: the layer, and whatever page is open, are asked for anew. */
  Atlas.refresh = () => {
    Atlas.sheets.forget();
    askLayer(Atlas.view);
  };
  let layersAsked = 0; // the answer to the last question counts
  function askLayer(view) {
    const mine = (layersAsked += 1);
    Atlas.server.json(`/fragment/layer?${Atlas.write(view)}`).then((given) => { if (mine === layersAsked) Atlas.setProgress(given); }, () => {});
  }
  Atlas.say = Atlas.server.say;

  /* ---- presses, everywhere on the page ---------------------------------------------------------------------------- */

  const ACTIONS = {
    clear: () => Atlas.clear(),
    language: () => Atlas.change({ lang: Atlas.view.lang === "zh" ? "en" : "zh" }),
    theme: () => Atlas.change({ theme: Atlas.view.theme === "light" ? "dark" : "light" }, { push: false }),
    "zoom-in": () => Atlas.map.zoomBy(1.6),
    "zoom-out": () => Atlas.map.zoomBy(1 / 1.6),
    "zoom-reset": () => Atlas.map.resetZoom(),
    "close-card": () => Atlas.pick(null),
    "zoom-county": () => Atlas.map.zoomToPrefecture(counties[Atlas.numberOf[Atlas.view.county]].prefecture),
    "toggle-filter": () => document.documentElement.classList.toggle("filter-open"),
    "toggle-spread": () => { setSpread(!document.documentElement.classList.contains("spread-open")); Atlas.charts(); },
    "take-print": () => print(),
    "take-png": () => Atlas.picture("png"),
    "take-svg": () => Atlas.picture("svg"),
    kinds: (button) => {
      const kinds = data.kinds[button.dataset.kinds];
      const on = kinds.every((id) => Atlas.stateOf(Atlas.view, id) === "include");
      Atlas.change(kinds.reduce((view, id) => Atlas.withOption(view, id, on ? "off" : "include"), Atlas.view));
    },
    "take-link": async () => {
      try {
        await navigator.clipboard.writeText(location.href);
        Atlas.say(Atlas.text("link_copied"));
      } catch {
        Atlas.say(Atlas.text("link_failed"));
      }
    },
  };

  function act(id, target) {
    const file = data.files[id.replace("take-", "")];
    if (file) location.assign(`${file.path}?${Atlas.write(Atlas.view)}`);
    else ACTIONS[id]?.(target);
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-option],[data-legend],[data-choice],[data-action],a[data-page],[data-pick],[data-undo],.row-pick,#take .dropdown-item[id]");
    if (!target || target.closest("#county-map")) return;
    if (target.dataset.page) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      Atlas.go(target.dataset.page);
    } else if (target.dataset.pick) {
      if (Atlas.page !== "map") Atlas.go("/");
      Atlas.pick(target.dataset.pick);
    } else if (target.dataset.undo) ask("undo-ask", { batch: Number(target.dataset.undo), at: Date.now() });
    else if (target.dataset.option) Atlas.press(target.dataset.option);
    else if (target.dataset.legend) Atlas.toggle(target.dataset.legend);
    else if (target.dataset.choice) { const [key, value] = target.dataset.choice.split("="); Atlas.change({ [key]: value }); }
    else if (target.dataset.action || target.id) act(target.dataset.action || target.id, target);
    else Atlas.pick(target.dataset.adcode === Atlas.view.county ? null : target.dataset.adcode);
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "sort") showList(Atlas.view, Atlas.matched);
    if (event.target.id === "period" || event.target.id === "progress-period") Atlas.change({ period: event.target.value === "latest" ? null : event.target.value });
    if (event.target.id === "behind-sort") Atlas.sheets.sortBehind(event.target.value);
    if (event.target.id === "quarter-sort") Atlas.sheets.sortRows(event.target);
    if (event.target.id === "zoom-to") Atlas.map.zoomToPrefecture(event.target.value === "all" ? null : event.target.value);
  });
  document.addEventListener("toggle", (event) => { if (event.target.id === "spread-table") showTables(Atlas.matched); }, true);
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && Atlas.view.county) Atlas.pick(null);
    if (event.key.toLowerCase() === "t") Atlas.change({ map: Atlas.view.map === "tile" ? "true" : "tile" });
  });
  for (const [type, over] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => {
      const row = event.target.closest?.(".row-pick");
      if (row) Atlas.map.paths[Atlas.numberOf[row.dataset.adcode]].classList.toggle("is-pointed", over);
    });
  }

  /* ---- the page's rooms come from Dash, after the map; and again when the language changes ------------------------ */

  function setSpread(open) {
    document.documentElement.classList.toggle("spread-open", open);
    byId("spread-toggle").setAttribute("aria-expanded", open);
  }

  /* Tables travel as data, a cell as text or as {text} with county, share, lang, look and value, pick or undo. */
  function cell(given) {
    if (typeof given === "string") return given;
    if (given.county) {
      const path = `/county/${given.county}`;
      return node("a", { href: path, className: "county-link", "data-page": path }, given.text);
    }
    if (given.share !== undefined) {
      const made = node("span", { className: "cover" }, given.text);
      made.style.setProperty("--share", given.share);
      return made;
    }
    if (given.lang) return node("span", { lang: given.lang }, given.text);
    if (given.look) return node("button", { type: "button", className: "quiet-button look", "data-look": given.look, "data-value": given.value }, given.text);
    const [kind, value] = given.pick ? ["data-pick", given.pick] : ["data-undo", given.undo];
    return node("button", { type: "button", className: given.pick ? "row-pick-link" : "quiet-button undo", [kind]: value }, given.text);
  }
  function buildTables(root = document) {
    for (const room of root.querySelectorAll("[data-table]")) {
      if (room.built === room.dataset.table) continue;
      room.built = room.dataset.table;
      const { heads, rows } = JSON.parse(room.built);
      room.replaceChildren(node("table", { className: "plain" },
        node("thead", {}, node("tr", {}, ...heads.map((text) => node("th", { scope: "col" }, text)))),
        node("tbody", {}, ...rows.map((row) => node("tr", row[0].county ? { "data-adcode": row[0].county } : {}, ...row.map((one) => node("td", {}, cell(one))))))));
    }
  }

  Atlas.buildTables = buildTables;
  Atlas.fillPeriods = () => showPeriods(Atlas.view);

  function settle() {
    buildTables();
    const graph = document.querySelector("#spread-graph:not([tabindex])");
    if (graph) for (const [name, value] of [["tabindex", 0], ["role", "group"], ["aria-label", Atlas.text("spread_charts")]]) graph.setAttribute(name, value);
    const file = document.querySelector("#import-file input[type=file]:not([aria-label])");
    file?.setAttribute("aria-label", document.querySelector("#import-file span").textContent);
    if (!Atlas.map.settle()) return;
    const first = document.documentElement.classList.contains("is-starting");
    setSpread(first ? innerHeight >= 1000 && innerWidth >= 1500 : document.documentElement.classList.contains("spread-open"));
    document.documentElement.classList.remove("is-starting");
    setTimeout(sendEarly);
    dataShown = null;
    show(Atlas.view, Atlas.matched, null);
    Atlas.search?.();
    Atlas.charts?.();
    if (document.documentElement.lang.startsWith("zh") !== (byId("page").dataset.lang === "zh")) ask("language", Atlas.view.lang);
  }
  new MutationObserver(settle).observe(document.getElementById("react-entry-point") || document.body, { childList: true, subtree: true, attributeFilter: ["data-table"] });
  Atlas.onChange(show);
  settle();
})();
