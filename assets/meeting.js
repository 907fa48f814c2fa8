/* A meeting: the deck is read whole at the opening, and its scenes are shown by keys, with or without the server.

   The address #3 is the third scene; #presenter the window with notes; #mirror and #mirror+1 the small windows in it. */
"use strict";

Atlas.meeting = (() => {
  const element = document.getElementById("deck-data");
  if (!element) return null;
  const deck = JSON.parse(element.textContent);
  const { scenes } = deck;
  const html = document.documentElement;
  const mode = ["mirror", "presenter", "print"].find((kind) => location.hash.startsWith(`#${kind}`)) || "stage";
  const ahead = location.hash === "#mirror+1" ? 1 : 0;
  const channel = new BroadcastChannel(`atlas-meeting-${deck.slug}`);
  const { lang, theme } = Atlas.view;
  const AUTO = 20_000; // ms a scene stays in a lobby
  let current = -1;
  let typed = "";
  let isBlank = false;
  let auto = 0;

  const node = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  for (const [key, text] of Object.entries(deck.sheets)) Atlas.sheets.preload(key, text);
  for (const scene of scenes) if (scene.counted) Atlas.sheets.know(scene.query, scene.counted);

  /* ---- what stands around a scene ---------------------------------------------------------------------------------- */

  const title = node("h1", { id: "scene-title" });
  const count = node("span", { id: "scene-count" });
  const bar = node("div", { id: "scene-bar" });
  const blank = node("div", { id: "scene-blank", hidden: true });
  const live = node("p", { id: "scene-said", className: "visually-hidden" });
  live.setAttribute("role", "status");
  bar.setAttribute("aria-hidden", "true");
  const wings = node("div", { id: "wings" });
  wings.setAttribute("aria-hidden", "true");
  wings.inert = true;
  const help = node("dialog", { id: "scene-help" });

  function fillHelp() {
    const rows = Atlas.text("meeting_keys").split("|").map((row) => row.split("="));
    help.replaceChildren(
      node("h2", {}, Atlas.text("meeting_help")),
      node("dl", {}, ...rows.flatMap(([keys, does]) => [node("dt", {}, ...keys.split(" ").flatMap((key) => [node("kbd", {}, key), " "])), node("dd", {}, does)])),
      node("button", { type: "button", className: "btn btn-primary", onclick: () => help.close() }, Atlas.text("close")),
    );
  }

  /* ---- scenes ---------------------------------------------------------------------------------------------------------- */

  const viewOf = (scene) => ({ ...Atlas.read(scene.query), lang, theme });

  function show(number, { tell = true } = {}) {
    const at = Math.max(0, Math.min(scenes.length - 1, number));
    const scene = scenes[at];
    const changed = at !== current;
    current = at;
    title.textContent = scene.title;
    count.textContent = `${at + 1} / ${scenes.length}`;
    bar.style.setProperty("--done", (at + 1) / scenes.length);
    live.textContent = `${at + 1}. ${scene.title}`;
    Atlas.stage(scene.path, viewOf(scene));
    fit();
    for (const id of ["map-sentence", "filter-sentence"]) window.dash_clientside?.set_props?.(id, { children: scene.said });
    Atlas.map.resetZoom();
    Atlas.map.highlight(scene.highlight);
    document.title = `${scene.title} · ${deck.title}`;
    if (mode === "stage") history.replaceState(null, "", `${location.pathname}${location.search}#${at + 1}`);
    if (changed && tell) say();
    if (mode === "presenter") present();
    prepare(at + 1);
  }

  /* The scene that comes next is made ready while this one is looked at. */
  function prepare(number) {
    const next = scenes[number];
    if (!next) return;
    const start = () => Atlas.sheets.prepare(Atlas.sheets.keyFor(next.path, viewOf(next)), viewOf(next)).catch(() => {});
    if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 1000 });
    else setTimeout(start, 200);
  }

  function setBlank(on, { tell = true } = {}) {
    isBlank = on;
    blank.hidden = !on;
    if (tell) say();
  }

  function setAuto(on) {
    clearInterval(auto);
    auto = on ? setInterval(() => show((current + 1) % scenes.length), AUTO) : 0;
    html.classList.toggle("is-auto", on);
  }

  /* ---- two windows in step ------------------------------------------------------------------------------------------- */

  const say = () => channel.postMessage({ scene: current, isBlank, path: Atlas.path, query: Atlas.write(Atlas.view) });
  channel.onmessage = ({ data }) => {
    if (data.hello) { if (mode === "stage") say(); return; }
    if (data.scene + ahead !== current) {
      if (data.scene + ahead < scenes.length) show(data.scene + ahead, { tell: false });
    } else if (!ahead && data.query !== undefined && (data.query !== Atlas.write(Atlas.view) || data.path !== Atlas.path)) {
      Atlas.stage(data.path, Atlas.read(data.query));
    }
    if (data.isBlank !== isBlank) setBlank(data.isBlank, { tell: false });
  };
  Atlas.onChange(() => { if (mode === "stage" && current >= 0) setTimeout(say); });

  /* ---- the window with the notes -------------------------------------------------------------------------------------- */

  const notes = {};
  function layPresenter() {
    const mirror = (hash, label) => {
      const frame = node("iframe", { src: `${location.pathname}${location.search}${hash}`, title: label, tabIndex: -1 });
      return node("figure", {}, node("figcaption", {}, label), node("div", {}, frame));
    };
    Object.assign(notes, {
      title: node("h2"), text: node("div", { id: "presenter-note" }), next: node("p"), clock: node("time"), since: node("time"),
      began: Date.now(),
    });
    const reset = node("button", { type: "button", className: "quiet-button", onclick: () => { notes.began = Date.now(); tick(); } }, Atlas.text("meeting_reset"));
    const step = (by, label) => node("button", { type: "button", className: "quiet-button", onclick: () => show(current + by) }, label);
    const room = node("main", { id: "presenter" },
      mirror("#mirror", Atlas.text("meeting_now")), mirror("#mirror+1", Atlas.text("meeting_next")),
      node("section", {}, notes.title, notes.text),
      node("aside", {}, notes.next, node("p", { className: "clocks" }, notes.clock, " ", notes.since, reset), step(-1, Atlas.text("meeting_back")), step(1, Atlas.text("meeting_on"))));
    document.body.append(room);
    setInterval(tick, 1000);
    tick();
  }
  function tick() {
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    const now = new Date();
    const seconds = (Date.now() - notes.began) / 1000;
    notes.clock.textContent = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
    notes.since.textContent = `+${two(seconds / 60)}:${two(seconds % 60)}`;
  }
  function present() {
    const scene = scenes[current], next = scenes[current + 1];
    notes.title.textContent = `${current + 1} / ${scenes.length} · ${scene.title}`;
    notes.text.textContent = scene.note || Atlas.text("meeting_no_note");
    notes.next.textContent = next ? `${Atlas.text("meeting_next")}: ${next.title}` : Atlas.text("meeting_last");
  }

  /* ---- keys: those of a clicker, and those of the house ---------------------------------------------------------------- */

  function leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (mode === "stage") location.assign(`/meeting${location.search}`);
  }
  const toggleFull = () => (document.fullscreenElement ? document.exitFullscreen() : html.requestFullscreen?.().catch(() => {}));
  const KEYS = {
    ArrowRight: () => show(current + 1), PageDown: () => show(current + 1), " ": () => show(current + 1), ArrowDown: () => show(current + 1),
    ArrowLeft: () => show(current - 1), PageUp: () => show(current - 1), ArrowUp: () => show(current - 1),
    Home: () => show(0), End: () => show(scenes.length - 1),
    b: () => setBlank(!isBlank), ".": () => setBlank(!isBlank),
    f: toggleFull, r: () => show(current), a: () => setAuto(!auto),
    p: () => window.open(`${location.pathname}${location.search}#presenter`, `presenter-${deck.slug}`, "width=1280,height=800"),
    t: () => Atlas.change({ map: Atlas.view.map === "tile" ? "true" : "tile" }),
    "?": () => help.showModal(), "？": () => help.showModal(),
    Escape: () => { if (isBlank) setBlank(false); else leave(); },
  };
  addEventListener("keydown", (event) => {
    if (auto && event.key !== "a") setAuto(false);
    if (mode === "mirror" || mode === "print" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || event.target.closest?.("input, select, textarea")) return;
    if (event.key === "Escape" && !document.getElementById("provenance")?.hidden && document.getElementById("provenance")) return;
    if (/^[0-9]$/.test(event.key)) typed += event.key;
    else if (event.key === "Enter" && typed) {
      show(Number(typed) - 1);
      typed = "";
    } else {
      typed = "";
      const does = KEYS[event.key] || KEYS[event.key.toLowerCase()];
      /* On a county of the map the arrow keys go to its neighbours, as everywhere. */
      if (!does || (event.key.startsWith("Arrow") && event.target.closest?.("#county-map, table, [role=group] svg"))) return;
      does();
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  addEventListener("pointerdown", () => { if (auto) setAuto(false); });

  /* ---- on paper: one page a scene ------------------------------------------------------------------------------------- */

  const frames = (amount) => new Promise((done) => { const step = (left) => (left ? requestAnimationFrame(() => step(left - 1)) : done()); step(amount); });
  async function layPaper() {
    const paper = node("main", { id: "paper" });
    document.body.append(paper);
    await Atlas.charts.ready().catch(() => {});
    for (const [at, scene] of scenes.entries()) {
      show(at, { tell: false });
      await Atlas.sheets.prepare(Atlas.sheets.keyFor(scene.path, viewOf(scene)), viewOf(scene)).catch(() => {});
      await frames(4);
      const seen = document.getElementById(Atlas.page === "map" ? "stage" : "sheet").cloneNode(true);
      paper.append(node("section", {}, node("h1", {}, scene.title), seen, scene.note ? node("p", { className: "paper-note" }, scene.note) : "",
        node("footer", {}, `${deck.title} · ${at + 1} / ${scenes.length} · ${Atlas.data.sources[lang].join(" · ")}`)));
    }
    html.classList.add("is-paper-ready");
    print();
  }

  /* ---- the size of things: as on a screen of 1920 × 1080, larger or smaller as the window is -------------------------- */

  const LARGE = { prefecture: 1.5 }; // its type is larger by itself
  function fit() {
    const unit = Math.min(innerWidth / 1920, innerHeight / 1080);
    html.style.setProperty("--unit", `${unit}px`);
    html.style.setProperty("--stage", Math.max(0.75, unit * (LARGE[Atlas.page] || 1.72)));
    for (const frame of document.querySelectorAll("#presenter iframe")) frame.style.transform = `scale(${frame.parentElement.clientWidth / 1920})`;
  }
  addEventListener("resize", fit);

  /* ---- the opening ------------------------------------------------------------------------------------------------------ */

  html.classList.add("is-meeting", `is-${mode}`);
  document.body.append(title, bar, count, blank, live, wings, help);
  fillHelp();
  Atlas.charts.ready().catch(() => {});
  if (mode === "presenter") layPresenter();
  fit();
  const asked = Number(location.hash.slice(1));
  show(ahead || (asked ? asked - 1 : 0), { tell: mode === "stage" });
  if (mode === "mirror" || mode === "presenter") channel.postMessage({ hello: true });
  if (mode === "print") layPaper();

  return { show, get current() { return current; }, scenes };
})();
