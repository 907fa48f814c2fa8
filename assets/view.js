/* The view of this tab, its address, and the filter's set algebra.

   Python found which counties hold which option; here those sets are only combined: any or all inside a group, AND
   across groups, then "not". The same rule stands in targets/selection.py, and a browser test holds the two equal. */
"use strict";

window.Atlas = (() => {
  const data = JSON.parse(document.getElementById("atlas-data").textContent);
  const { counties, options, groups, choices, layers, words } = data;
  const GROUPS = Object.keys(groups);
  const EVERY_OPTION = GROUPS.flatMap((group) => groups[group]);
  const DEFAULTS = {
    layer: "band", band: [], cluster: [], cluster_op: "any", energy: [], energy_op: "any", road: [], prefecture: [],
    not: [], county: null, compare: [], map: "true", period: null, lang: "zh", theme: "light",
  };
  const MOST_COMPARED = 6;
  const numberOf = Object.fromEntries(counties.map((county, number) => [county.adcode, number]));
  /* What rests on the store: Python gives it with the page, and anew when the store changes. */
  let standing = JSON.parse(document.getElementById("progress-data").textContent);

  // One stretch from January has one key: 2025-09 in an older note is 2025Q3.
  const ENDINGS = { "-03": "Q1", "-06": "Q2", "-09": "Q3", "-12": "", Q4: "" };
  const canonical = (period) => period.slice(0, 4) + (ENDINGS[period.slice(4)] ?? period.slice(4));

  const owns = (record, key) => Object.prototype.hasOwnProperty.call(record, key);

  function read(query) {
    const view = { ...DEFAULTS }; // its lists are replaced, never changed
    const seen = new Set();
    for (const [key, value] of new URLSearchParams(query)) {
      if (seen.has(key) || !owns(DEFAULTS, key)) continue;
      if (key === "compare") {
        view[key] = [...new Set(value.split(","))].filter((adcode) => owns(numberOf, adcode)).slice(0, MOST_COMPARED);
        seen.add(key);
      } else if (Array.isArray(DEFAULTS[key])) {
        const given = value.split(",");
        view[key] = (key === "not" ? EVERY_OPTION : groups[key]).filter((id) => given.includes(id));
        seen.add(key);
      } else if (
        (choices[key] || []).includes(value) || (key === "county" && owns(numberOf, value)) ||
        (key === "period" && standing.known.includes(canonical(value)))
      ) {
        view[key] = key === "period" ? canonical(value) : value;
        seen.add(key);
      }
    }
    return view;
  }

  function write(view) {
    return Object.keys(DEFAULTS)
      .map((key) => [key, Array.isArray(view[key]) ? view[key].join(",") : view[key], DEFAULTS[key]])
      .filter(([, value, standard]) => value && value !== standard)
      .map(([key, value]) => `${key}=${value}`)
      .join("&");
  }

  /* 1 for each county that matches, by row number. */
  function match(view) {
    const result = Uint8Array.from(counties, (county) => (county.county ? 1 : 0));
    for (const group of GROUPS) {
      if (!view[group].length) continue;
      const held = new Uint8Array(counties.length);
      for (const id of view[group]) for (const number of options[id].held) held[number] += 1;
      const need = view[`${group}_op`] === "all" ? view[group].length : 1;
      for (let number = 0; number < held.length; number += 1) if (held[number] < need) result[number] = 0;
    }
    for (const id of view.not) for (const number of options[id].held) result[number] = 0;
    return result;
  }

  const count = (matched) => matched.reduce((sum, one) => sum + one, 0);

  /* The view with one option put into a state: "include", "exclude" or "off". */
  function withOption(view, id, state) {
    const group = options[id].group;
    const put = (order, list, isIn) => order.filter((other) => (other === id ? isIn : list.includes(other)));
    return {
      ...view,
      [group]: put(groups[group], view[group], state === "include"),
      not: put(EVERY_OPTION, view.not, state === "exclude"),
    };
  }

  const stateOf = (view, id) =>
    view.not.includes(id) ? "exclude" : view[options[id].group].includes(id) ? "include" : "off";
  const NEXT = { off: "include", include: "exclude", exclude: "off" };

  /* Legend class of each county, by row number: how many of the layer's options it holds, or as Python found it. */
  function classes(view) {
    const { counts, group } = layers[view.layer];
    if (!counts) return data.classes[view.layer];
    const wanted = view[group].length ? view[group] : groups[group];
    const held = new Uint8Array(counties.length);
    for (const id of wanted) for (const number of options[id].held) held[number] += 1;
    return counties.map((county, number) => (county.county ? `n${held[number]}` : "na"));
  }

  const { pages } = data;
  const idOf = (path, mark) => Object.keys(pages).find((id) => pages[id][mark] && pages[id].path === path);
  const pageOf = (path) => idOf(path, "named") || idOf(/^\/[^/]+(?=\/)/.exec(path)?.[0], "coded") || "map";
  let view = read(location.search);
  let page = location.pathname;
  let matched = match(view);
  const listeners = [];

  function show(next, before) {
    view = next;
    matched = match(view);
    const html = document.documentElement;
    const lang = view.lang === "zh" ? "zh-CN" : "en";
    if (html.lang !== lang) html.lang = lang; // to set even the same value would make the browser style the whole page again
    if (html.dataset.theme !== view.theme) html.dataset.theme = view.theme;
    if (html.dataset.layer !== view.layer) html.dataset.layer = view.layer;
    if (html.dataset.page !== pageOf(page)) html.dataset.page = pageOf(page);
    for (const listener of listeners) listener(view, matched, before);
  }

  /* In a meeting the address is the deck's, and a scene may show any page in any state. */
  let isStaged = false;
  function stage(path, next) {
    isStaged = true;
    page = path;
    show(next, view);
    finish(); // a scene is painted whole, in one frame
  }

  function go(path) {
    if (path === page) return;
    page = path;
    const query = write(view);
    if (!isStaged) history.pushState(null, "", path + (query ? `?${query}` : ""));
    show(view, view);
  }

  function change(patch, { push = true } = {}) {
    const before = view;
    const next = { ...view, ...patch };
    const query = write(next);
    if (query === write(before)) return;
    if (!isStaged) history[push ? "pushState" : "replaceState"](null, "", location.pathname + (query ? `?${query}` : "") + location.hash);
    show(next, before);
  }

  addEventListener("popstate", () => {
    if (isStaged) return;
    page = location.pathname;
    show(read(location.search), view);
  });

  function takeStanding(given) {
    standing = given;
    for (const [id, layer] of Object.entries(given.layers)) data.classes[id] = layer.classes;
    for (const [adcode, year] of Object.entries(given.roads)) {
      const county = counties[numberOf[adcode]];
      county.opened = year;
      county.roadless = year === null;
    }
  }
  function setProgress(given) {
    takeStanding(given);
    if (view.period && !given.known.includes(view.period)) change({ period: null }, { push: false }); // its figures were undone
    else show(view, { ...view, layer: "" });
  }
  takeStanding(standing);

  /* What may follow a press in the next frame, so that the map itself is on screen first; the last of each kind counts. */
  const later = new Map();
  function afterPaint(kind, task) {
    /* Two frames on, so that this work does not take the processor from the drawing of the map. */
    if (!later.size) requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(finish)));
    later.set(kind, task);
  }
  function finish() {
    const tasks = [...later.values()];
    later.clear();
    for (const one of tasks) one();
  }

  /* The classes of a view's layer in the order of its legend. Those of a layer of the store are of the day: while the
     plan's term runs they are others than after it. */
  const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1);
  function legend(of = view) {
    const { rows, group } = layers[of.layer];
    const now = standing.layers[of.layer]?.rows ?? rows[Math.min((of[group] ?? []).length, rows.length - 1)];
    return now.map((row) => ({ ...row, label: capital(row[view.lang]) }));
  }
  /* What a layer of the store says of a county in a sentence; empty for any other layer. */
  const storedName = (id, layer) => standing.layers[layer]?.rows.find((row) => row.id === id)?.[view.lang] ?? "";
  const stateName = (id) => storedName(id, "progress");

  /* What is said otherwise of one has both forms, and the name of the value that is its count. */
  const text = (key, values = {}) => {
    const said = words[view.lang][key];
    const form = (String(values[said.count]) === "1" ? said.one : said.many) ?? said;
    return form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  };

  return {
    data, counties, options, groups, layers, numberOf,
    afterPaint, read, write, match, count, classes, legend, withOption, stateOf, change, text, storedName, stateName,
    go, stage, setProgress, MOST_COMPARED,
    get standing() { return standing; },
    get page() { return pageOf(page); },
    get about() { return pages[pageOf(page)]; },
    get path() { return page; },
    get isStaged() { return isStaged; },
    get view() { return view; },
    get matched() { return matched; },
    press(id) { change(withOption(view, id, NEXT[stateOf(view, id)])); },
    toggle(id) { change(withOption(view, id, stateOf(view, id) === "include" ? "off" : "include")); },
    clear() { change(Object.fromEntries([...GROUPS, "not", "cluster_op", "energy_op"].map((key) => [key, DEFAULTS[key]]))); },
    pick(adcode) { change({ county: adcode }); },
    name: (number) => counties[number][view.lang === "zh" ? "zh" : "en"],
    optionName: (id) => options[id][view.lang],
    onChange(listener) { listeners.push(listener); },
  };
})();
