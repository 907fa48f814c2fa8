/* The pages that Python writes out as one text: kept while they hold, filtered in place, their charts drawn by Plotly. */
"use strict";

Atlas.sheets = (() => {
  const { data, counties, numberOf } = Atlas;
  const KEPT = 12;
  const PATIENCE = 250; // ms before a page that has not come says that it is being read
  const kept = new Map(); // key → the page's node, the latest last
  const pinned = new Set(); // keys of a deck's pages, which are never dropped
  const counts = new Map(); // filter and period → what the progress page says then, where a deck brought it
  const makers = []; // what builds a part of a page from the browser's own data
  let onScreen = null;
  let wanted = null;
  let waiting = 0;

  const room = () => document.getElementById("sheet");
  const parts = (root, selector) => [...root.querySelectorAll(selector)];
  const isSheet = () => Atlas.about.sheet;
  const keyFor = (path, view) => [path, view.lang, view.period || ""].join("|");
  const keyOf = (view) => keyFor(Atlas.path, view);
  const FILTER = [...Object.keys(Atlas.groups), "not", "cluster_op", "energy_op"];
  const filterOf = (view) => FILTER.map((key) => view[key]).join("&");

  /* ---- charts: drawn from the figure in the page, in the theme's colours, without the counties that do not match -- */

  const DARK = new RegExp(Object.keys(data.dark).join("|"), "g");
  const figures = new WeakMap();
  let isPaper = false; // paper is white, whatever the theme of the screen

  function themed(node) {
    if (!figures.has(node)) figures.set(node, { light: node.dataset.figure, drawn: null });
    const known = figures.get(node);
    const theme = isPaper ? "light" : Atlas.view.theme;
    known[theme] ||= known.light.replace(DARK, (colour) => data.dark[colour]);
    return JSON.parse(known[theme]);
  }

  function filtered(figure, matched) {
    const { meta } = figure.layout;
    if (!meta?.row) return figure;
    const rows = new Set();
    for (const trace of figure.data) {
      if (!trace.customdata) continue;
      const stay = trace.customdata.map((adcode) => matched[numberOf[adcode]]);
      trace.y.forEach((name, i) => { if (stay[i]) rows.add(name); });
      for (const [key, list] of Object.entries(trace)) if (Array.isArray(list) && list.length === stay.length) trace[key] = list.filter((_, i) => stay[i]);
    }
    figure.data = figure.data.filter((trace) => !trace.customdata || trace.customdata.length);
    figure.layout.yaxis.categoryarray = figure.layout.yaxis.categoryarray.filter((name) => rows.has(name));
    figure.layout.height = meta.pad + meta.row * Math.max(1, rows.size);
    return figure;
  }

  for (const [event, on] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => {
      isPaper = on;
      const page = onScreen && kept.get(onScreen);
      if (page && window.Plotly) for (const node of parts(page, ".chart")) if (figures.has(node)) drawOne(node, page, Atlas.view, Atlas.matched);
    });
  }

  /* With a view box a chart shrinks with the sheet of paper it is printed on. */
  function scalable(node) {
    for (const svg of parts(node, ".main-svg")) {
      const box = `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`;
      if (svg.getAttribute("viewBox") !== box) svg.setAttribute("viewBox", box);
    }
    const { width, height } = node.getBoundingClientRect();
    node.style.setProperty("--aspect", width / height);
  }

  async function draw(page, view, matched) {
    const rooms = parts(page, ".chart");
    if (!rooms.length) return;
    await Atlas.charts.ready();
    for (const node of rooms) drawOne(node, page, view, matched);
  }

  /* On a phone a title stands on as many lines as it needs: a Chinese character is as wide as two Latin letters. */
  function wrapTitle(layout, width) {
    const { title, margin } = layout;
    if (!title?.text || !margin || title.text.includes("<br>")) return;
    const size = title.font?.size || 16;
    const most = Math.floor((1.85 * (width - 12)) / size);
    const lines = [""];
    let used = 0;
    for (const part of title.text.match(/[\x21-\u2013\u2018-\u201d]+[，。；：、）]?|\s+|[^\x21-\u2013\u2018-\u201d\s][，。；：、）]?/g)) {
      const wide = [...part].reduce((sum, one) => sum + (one > "\u2e7f" ? 2 : 1), 0);
      if (used + wide > most && part.trim()) { lines.push(""); used = 0; }
      lines[lines.length - 1] += part;
      used += wide;
    }
    title.text = lines.map((line) => line.trim()).join("<br>");
    Object.assign(title, { xref: "container", x: 0.01, yref: "container", y: 1 - (0.9 * size) / layout.height, yanchor: "top", pad: { t: 0 } });
    const more = (lines.length - 1) * Math.ceil(size * 1.3);
    margin.t += more;
    layout.height += more;
  }

  /* Nor has the key of many states room beside a title there: it goes under the chart. */
  function legendBelow({ data: traces, layout }) {
    const named = traces.filter(({ name, showlegend }) => name && showlegend !== false).length;
    if (named < 2 || !layout.legend) return;
    const more = 22 * Math.ceil(named / 2);
    layout.margin.b += more;
    layout.margin.t -= 22;
    layout.height += more - 22;
    Object.assign(layout.legend, { yref: "container", y: 0, yanchor: "bottom", xref: "container", x: 0.01 });
  }

  /* The words at the end of each bar have the room that they need; on a phone they stand on two lines: value and share,
     then year and kind of source. */
  const ruler = document.createElement("canvas").getContext("2d");
  const NARROW = { size: 12, row: 10 }; // px of type, and added to each row
  function fitWords({ data: traces, layout }, width, isNarrow) {
    const said = traces.find(({ mode }) => mode === "text");
    if (!said?.text.length || layout.xaxis2 || Atlas.fitChart) return; // a meeting has its own room for them
    if (isNarrow) {
      said.text = said.text.map((text) => { const [value, when, share] = text.split(" · "); return `${value} · ${share}<br>${when}`; });
      said.textfont = { ...said.textfont, size: NARROW.size };
      layout.xaxis.tickvals = layout.xaxis.tickvals.filter((share) => share % 100 === 0);
      layout.height += NARROW.row * layout.yaxis.categoryarray.length;
    }
    const wide = (line, size) => {
      ruler.font = `${size}px ${layout.font?.family || "sans-serif"}`;
      return ruler.measureText(line).width;
    };
    const words = Math.max(...said.text.flatMap((text) => text.split("<br>").map((line) => wide(line, said.textfont.size))));
    const names = Math.max(...layout.yaxis.categoryarray.map((name) => wide(name, layout.yaxis.tickfont.size)));
    const bars = Math.max(60, width - names - words - 36);
    layout.xaxis.range = [0, (said.x[0] * (bars + words + 8)) / bars];
  }

  function drawOne(node, page, view, matched) {
    const known = figures.get(node);
    const title = page.said?.[`${node.id.split("-")[0]}_title`];
    const key = [isPaper ? "light" : view.theme, node.closest(".follows") ? filterOf(view) : "", title].join();
    if (known?.drawn === key || !node.isConnected || node.closest("[hidden]")) return;
    const figure = filtered(themed(node), matched);
    Atlas.fitChart?.(figure.layout, node.id); // to the stage of a meeting
    if (title && figure.layout.title) {
      figure.layout.title.text = title;
      node.setAttribute("aria-label", title);
    }
    const isNarrow = !isPaper && node.clientWidth < 600;
    if (isNarrow) {
      wrapTitle(figure.layout, node.clientWidth);
      legendBelow(figure);
    }
    fitWords(figure, node.clientWidth, isNarrow);
    figures.get(node).drawn = key;
    node.style.height = `${figure.layout.height}px`;
    Plotly.react(node, figure.data, figure.layout, data.plot[view.lang]);
    scalable(node);
    if (known) return;
    node.on("plotly_afterplot", () => scalable(node));
    node.on("plotly_click", ({ points }) => {
      const adcode = points[0]?.customdata;
      if (numberOf[adcode] !== undefined) Atlas.go(`/county/${adcode}`);
    });
  }

  /* ---- what follows the filter --------------------------------------------------------------------------------------- */

  function follow(page, view, matched) {
    for (const item of parts(page, ".follows [data-adcode]")) {
      const number = numberOf[item.dataset.adcode];
      const away = number !== undefined && !matched[number];
      if (item.hidden !== away) item.hidden = away;
      if (item.parentElement.className === "named") item.parentElement.hidden = away; // with its mark
    }
    for (const list of parts(page, "[data-most]")) { // so many of those that are left lead; the others are shown when asked for
      let left = Number(list.dataset.most);
      for (const item of list.children) if (!item.hidden) item.toggleAttribute("data-beyond", (left -= 1) < 0);
    }
    for (const part of parts(page, "[data-when]")) {
      const some = part.closest(".follows").querySelector("[data-adcode]:not([hidden])") !== null;
      const away = some !== (part.dataset.when === "some");
      if (part.hidden !== away) part.hidden = away;
    }
    for (const [selector, fill] of makers) for (const place of parts(page, selector)) fill(place, view, matched);
    const query = Atlas.write(view);
    for (const link of parts(page, "[data-carry]")) link.href = link.dataset.carry + (query && `?${query}`);
    if (Atlas.about.counted && page.countedFor !== filterOf(view)) {
      page.countedFor = filterOf(view);
      page.askedFor = query;
      const said = counts.get(`${filterOf(view)} ${view.period || ""}`);
      if (said) setCounted({ query, said });
      else askCounted(query);
    }
    draw(page, view, matched).catch(() => console.info("The charts could not be drawn; they are tried again when the page is opened."));
  }

  const askCounted = (query) => Atlas.server.ask(`/fragment/counted?${query}`)
    .then(async (answer) => setCounted({ query, said: await answer.json(), event: Atlas.server.eventOf(answer) }))
    .catch(lost);

  /* Sentences that count: a list is one paragraph each, the first the finding. */
  function setCounted(given) {
    const page = [...kept.values()].find((one) => one.askedFor === given.query); // it may be off screen by now
    if (!page) return;
    page.askedFor = null;
    if (given.event && page.dataset.event && given.event !== page.dataset.event) { // someone has imported meanwhile
      forget();
      return;
    }
    page.said = given.said;
    for (const place of parts(page, "[data-said]")) {
      const said = given.said[place.dataset.said];
      if (Array.isArray(said)) {
        place.replaceChildren(...said.map((text, i) => Object.assign(document.createElement("p"), { className: i ? "quiet" : "finding", textContent: text })));
      } else place.textContent = said;
    }
    for (const place of parts(page, "[data-count]")) {
      const count = given.said[place.dataset.count];
      place.hidden = count === "0";
      if (place.style.flexGrow) place.style.flexGrow = count;
    }
    if (page === kept.get(onScreen)) draw(page, Atlas.view, Atlas.matched);
  }

  function sortBehind(by) {
    const list = document.getElementById("behind-list");
    const items = Object.fromEntries([...list.children].map((item) => [item.dataset.adcode, item]));
    list.append(...JSON.parse(list.dataset.orders)[by].map((adcode) => items[adcode]));
  }

  /* A table's rows in the order chosen: the choice carries the orders and names the table's room. */
  function sortRows(choice) {
    const body = document.querySelector(`#${choice.getAttribute("aria-controls")} tbody`);
    const rows = Object.fromEntries([...body.children].map((row) => [row.dataset.adcode, row]));
    body.append(...JSON.parse(choice.dataset.orders)[choice.value].map((adcode) => rows[adcode]));
  }

  /* ---- opening, keeping, showing --------------------------------------------------------------------------------------- */

  function keep(key, page) {
    kept.delete(key);
    kept.set(key, page);
    for (const old of kept.keys()) if (kept.size > KEPT + pinned.size && old !== onScreen && !pinned.has(old)) kept.delete(old);
  }

  function made(html, counted, event = "") {
    const page = document.createElement("div");
    page.dataset.event = event;
    page.className = "sheet";
    page.innerHTML = html;
    page.classList.toggle("has-turn", page.querySelector(".turn-table") !== null);
    page.countedFor = counted;
    return page;
  }

  function leave() {
    const page = onScreen && kept.get(onScreen);
    if (page && room()?.contains(page)) page.scrolled = room().scrollTop;
    onScreen = null;
  }

  function place(key, view, matched) {
    clearTimeout(waiting);
    const page = kept.get(key);
    keep(key, page);
    onScreen = key;
    const place = room();
    if (!place) return;
    if (!place.contains(page)) {
      const focused = page.contains(document.activeElement) ? document.activeElement : null; // to move a node drops its focus
      const hadFocus = place.contains(document.activeElement) || document.activeElement === document.body;
      place.replaceChildren(page);
      focused?.focus({ preventScroll: true });
      place.scrollTop = page.scrolled || 0;
      if (hadFocus && !focused && !document.documentElement.classList.contains("is-mirror") && !document.documentElement.classList.contains("is-starting")) place.focus({ preventScroll: true });
    }
    document.getElementById("first-sheet")?.remove();
    document.title = titleOf(page);
    Atlas.buildTables(page);
    Atlas.fillPeriods?.();
    follow(page, view, matched);
  }

  const titleOf = (page) => {
    const heading = page.querySelector("h2");
    return heading ? `${heading.firstChild.textContent} · ${Atlas.text("page_title")}` : Atlas.text("page_title");
  };

  const ASKED_FOR = 10000; // ms; then a page that has not come is asked for again
  let pending = {};
  function show(view, matched) {
    if (!isSheet()) {
      leave();
      wanted = null;
      return;
    }
    const key = keyOf(view);
    if (key === onScreen && room()?.contains(kept.get(key))) {
      follow(kept.get(key), view, matched);
      return;
    }
    leave();
    wanted = key;
    if (kept.has(key)) { place(key, view, matched); return; }
    clearTimeout(waiting);
    waiting = setTimeout(() => room()?.replaceChildren(Object.assign(document.createElement("p"), { className: "quiet waiting", textContent: Atlas.text("reading") })), PATIENCE);
    /* A press on the language shows the page several times, as its rooms are built anew: it is asked for once. */
    if (pending.key === key && Date.now() - pending.at < ASKED_FOR) return;
    pending = { key, at: Date.now() };
    askPage(Atlas.path, view, key).catch(lost);
  }

  async function askPage(path, view, key) {
    const asked = pending;
    const answer = await Atlas.server.ask(`/fragment/page${path}?${Atlas.write(view)}`);
    const html = await answer.text();
    if (pending === asked) pending = {};
    keep(key, made(html, filterOf(view), Atlas.server.eventOf(answer)));
    if (key === wanted) place(key, Atlas.view, Atlas.matched);
  }

  /* A lost server: what was read stays; what was not says so, and can be asked for again. */
  function lost() {
    pending = {};
    for (const page of kept.values()) if (page.askedFor) page.countedFor = page.askedFor = null; // asked again when next shown
    if (!wanted || kept.has(wanted)) return;
    clearTimeout(waiting);
    const again = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-secondary", textContent: Atlas.text("try_again") });
    again.onclick = () => show(Atlas.view, Atlas.matched);
    room()?.replaceChildren(Object.assign(document.createElement("p"), { className: "nothing", textContent: Atlas.text("sheet_lost") }), again);
  }

  /* A deck comes whole: its pages are kept from the beginning, whatever becomes of the server. */
  function preload(key, html) {
    pinned.add(key);
    kept.set(key, made(html, null));
  }
  /* What a page says under a filter, known without asking. */
  const know = (query, said) => counts.set(`${filterOf(Atlas.read(query))} ${Atlas.read(query).period || ""}`, said);
  /* Builds a page and draws its charts out of sight, so that it can be shown within a frame. */
  async function prepare(key, view) {
    const page = kept.get(key);
    if (!page || page.isConnected) return;
    document.getElementById("wings").replaceChildren(page);
    Atlas.buildTables(page);
    const matched = Atlas.match(view);
    for (const [selector, fill] of makers) for (const place of parts(page, selector)) fill(place, view, matched);
    await draw(page, view, matched);
  }

  function forget() {
    pending = {};
    for (const key of [...kept.keys()]) if (!pinned.has(key)) kept.delete(key);
    onScreen = null;
    show(Atlas.view, Atlas.matched);
  }

  /* The page asked for by the address came with the first answer: it is on screen before Dash is. */
  const first = document.getElementById("first-sheet");
  if (first) {
    const page = first.firstElementChild;
    page.countedFor = filterOf(Atlas.view);
    kept.set(keyOf(Atlas.view), page);
  }
  function begin() {
    if (!first) return;
    const page = first.firstElementChild;
    if (!page) return;
    Atlas.buildTables(page);
    follow(page, Atlas.view, Atlas.matched);
  }

  /* Names and sources that the browser has already are not sent again. */
  makers.push(["[data-counties]:empty", (place) => place.append(...place.dataset.counties.split(",").map((adcode) => {
    const path = `/county/${adcode}`;
    const link = Object.assign(document.createElement("a"), { href: path, className: "county-link", textContent: Atlas.name(numberOf[adcode]) });
    link.dataset.page = path;
    return link;
  }))]);
  makers.push(["[data-sources]:empty", (place) => place.append(...data.sources[Atlas.view.lang].map((line) => Object.assign(document.createElement("span"), { textContent: line })))]);

  begin();
  return { show, setCounted, forget, lost, preload, know, prepare, keyFor, sortBehind, sortRows, addMaker: (selector, fill) => makers.push([selector, fill]) };
})();
