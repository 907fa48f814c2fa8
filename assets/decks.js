/* Decks: the list, the editor, and the key that captures the present view of any page as a scene. */
"use strict";

(() => {
  const node = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key.includes("-")) made.setAttribute(key, value);
      else made[key] = value;
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  };
  const button = (text, act, more = {}) => node("button", { type: "button", className: "quiet-button", onclick: act, ...more }, text);
  const byId = (id) => document.getElementById(id);
  let known = { kept: [], deleted: [] };
  let open = null; // the deck in the editor, as Python last returned it
  let room = null;
  let may = true; // whether decks may be changed from here; whatever it says, the server asks for itself
  let isListed = false; // whether the kept decks are known here
  let saving = 0; // when the save under way began; a change meanwhile is saved after it
  let again = false;
  let isMoved = false; // whether scenes were moved, copied or deleted since the list was last built

  const memory = {
    get who() { try { return localStorage.getItem("atlas-who") || ""; } catch { return ""; } },
    set who(name) { try { localStorage.setItem("atlas-who", name); } catch { /* a private window keeps nothing */ } },
  };

  async function ask(op, more = {}, done = null) {
    const { lang } = Atlas.view;
    const path = { list: "/decks", open: `/decks/${more.slug}?lang=${lang}` }[op];
    try {
      receive(await (path ? Atlas.server.json(path) : Atlas.server.json("/decks", { op, lang, who: memory.who, ...more })), done);
    } catch { if (op === "save") saving = 0; } // the door has said why
  }

  function say(texts, isFault = false) {
    const place = byId("deck-said");
    if (!place) return;
    place.className = isFault ? "nothing" : "quiet";
    place.replaceChildren(...[texts].flat().map((text) => node("span", { className: "deck-line" }, text)));
  }

  function receive(answer, done) {
    known = { kept: answer.kept, deleted: answer.deleted };
    isListed = true;
    if (answer.op === "save") saving = 0;
    if (answer.faults) {
      again = false;
      if (open && answer.stale) open.isStale = true;
      if (answer.op === "append" || answer.op === "capture") Atlas.say(answer.faults.join(" "));
      say(answer.faults, true);
      list();
      return;
    }
    if (answer.op === "save" && again && open) {
      again = false;
      open.version = answer.deck.version;
      save();
      return;
    }
    /* Nothing is built anew under the hands of one who types, least of all while characters are being composed. */
    if (answer.op === "save" && open && !isMoved && room?.contains(document.activeElement) && document.activeElement.matches("input, textarea")) {
      open.version = answer.deck.version;
      say("");
      return;
    }
    isMoved = false;
    if (open && (!answer.deck || answer.deck.slug === open.slug || ["ready", "file", "create", "open"].includes(answer.op))) open = answer.deck;
    else if (["ready", "file", "create", "open"].includes(answer.op)) open = answer.deck;
    say("");
    list();
    done?.(answer);
  }

  /* ---- the list ----------------------------------------------------------------------------------------------------- */

  const versionOf = (deck) => known.kept.find(({ slug }) => slug === deck.slug)?.version ?? deck.version; // after saves that left the list standing
  const address = (slug, query = "") => `/meeting/${slug}${query ? `?${query}` : ""}`;
  const langQuery = () => [Atlas.view.lang === "en" ? "lang=en" : "", Atlas.view.theme === "dark" ? "theme=dark" : ""].filter(Boolean).join("&");

  /* What can be done with a deck: show it, and take it away as a file. */
  function ways(slug, query) {
    const asked = [slug === "ready" ? "" : `deck=${slug}`, query].filter(Boolean).join("&");
    const files = Object.values(Atlas.data.files).filter(({ deck }) => deck);
    return [
      node("a", { href: address(slug, query), className: "btn btn-primary btn-sm", target: "_self" }, Atlas.text("deck_show")),
      ...files.map((file) => node("a", { href: `${file.path}?${asked}`, className: "quiet-button", ...(file.slow ? { "data-slow": "" } : {}) }, file[Atlas.view.lang])),
      node("a", { href: `${address(slug, query)}#print`, className: "quiet-button" }, Atlas.text("deck_print")),
    ];
  }

  function list() {
    if (!room?.isConnected) return;
    const { activeElement: active } = document;
    const held = room.contains(active) && active.dataset.focus ? { key: active.dataset.focus, text: active.value, from: active.selectionStart, to: active.selectionEnd } : null;
    const rows = known.kept.map((deck) => node("li", { className: "deck", "data-deck": deck.slug },
      node("div", { className: "deck-head" },
        node("strong", {}, deck.title), node("small", {}, Atlas.text("deck_when", { when: deck.when, who: deck.who }))),
      node("div", { className: "deck-row" }, ...ways(deck.slug, langQuery()), ...(may ? [
        button(Atlas.text("deck_edit"), () => (open?.slug === deck.slug ? shut() : ask("open", { slug: deck.slug })), { "aria-expanded": String(open?.slug === deck.slug), "data-focus": `${deck.slug} edit` }),
        button(Atlas.text("deck_undo"), () => ask("undo", { slug: deck.slug, version: versionOf(deck) }), { "data-focus": `${deck.slug} undo` }),
        button(Atlas.text("deck_delete"), () => ask("delete", { slug: deck.slug, version: versionOf(deck) }), { "data-focus": `${deck.slug} delete` })] : [])),
      open?.slug === deck.slug ? editor() : null));
    room.replaceChildren(
      rows.length ? node("ul", { className: "deck-list" }, ...rows) : node("p", { className: "quiet" }, Atlas.text("deck_none")),
      may && known.deleted.length ? node("details", {}, node("summary", {}, Atlas.text("deck_deleted", { n: known.deleted.length })),
        node("ul", {}, ...known.deleted.map((deck) => node("li", {}, `${deck.slug} · ${deck.when} `, button(Atlas.text("deck_bring_back"), () => ask("undo", { slug: deck.slug, version: deck.version }), { "data-focus": `${deck.slug} back` }))))) : "",
    );
    refocus(held);
  }
  /* The list is built anew after every answer: what is focused stays so, and what is being typed in it. */
  function refocus(held) {
    const key = wish || held?.key;
    wish = "";
    const place = key && room.querySelector(`[data-focus="${key}"]:not(:disabled)`);
    if (!place) { if (held) room.querySelector("button, a")?.focus({ preventScroll: true }); return; }
    place.focus({ preventScroll: true });
    if (place.matches("input, textarea") && held?.key === key && place.value !== held.text) {
      place.value = held.text;
      place.setSelectionRange(held.from, held.to);
      place.dispatchEvent(new Event("input"));
      save();
    }
  }
  let wish = ""; // what is to be focused after the next answer

  function shut() { open = null; list(); }

  /* Slides and the annex take their time: the page says of each how far it is, and follows its link once it is there.
     Lists are built anew meanwhile, and pages left: what is under way is kept by address, its line in one element. */
  const LOOK_AGAIN = 700; // ms
  const files = new Map();
  const showFiles = () => byId("deck-files")?.replaceChildren(...files.values());
  async function take(link) {
    const { href } = link;
    if (files.get(href)?.classList.contains("is-making")) return;
    const title = (link.closest(".deck")?.querySelector("strong") || link.closest("section").querySelector("h3")).textContent;
    /* What changes with every scene is drawn, not read out each time. */
    const said = node("span", { role: "status" });
    const scene = node("span");
    const bar = node("progress", { "aria-label": title });
    const line = node("li", { className: "is-making" }, node("strong", {}, `${title} · ${link.textContent}`), said, scene, bar);
    const tell = (text, isFault = false) => { if (said.textContent !== text) said.textContent = text; said.className = isFault ? "nothing" : ""; };
    const end = (text = "") => {
      line.classList.remove("is-making");
      scene.remove();
      bar.remove();
      if (text) tell(text, true);
      else { files.delete(href); showFiles(); }
    };
    files.set(href, line);
    showFiles();
    tell(Atlas.text("export_begun"));
    for (let state = ""; state !== "ready";) {
      const answer = await fetch(href.replace("/export/meeting.", "/export/job/"), { cache: "no-store", headers: { Accept: "application/json" } }).catch(() => null);
      const told = await answer?.json().catch(() => null);
      if (!told || !answer.ok) { end(told?.error || Atlas.text("export_lost")); return; }
      ({ state } = told);
      const isBehind = state === "waiting" && told.ahead;
      tell(Atlas.text(isBehind ? "export_ahead" : "export_begun", { n: told.ahead }));
      if (state === "making") {
        scene.textContent = Atlas.text("export_scene", { n: told.scene, of: told.of });
        bar.max = told.of;
        bar.value = told.scene;
      }
      if (state !== "ready") await new Promise((done) => { setTimeout(done, LOOK_AGAIN); });
    }
    end();
    location.assign(href);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-slow]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    take(link);
  });

  /* ---- the editor: every change is kept at once, and can be undone ---------------------------------------------------- */

  const PATIENCE = 10_000; // ms after which an answer is not waited for
  function save() {
    if (saving && Date.now() - saving < PATIENCE) { again = true; return; }
    saving = Date.now();
    keep();
  }
  const keep = () => ask("save", { slug: open.slug, version: open.version, deck: { deck: open.deck, ...(open.period ? { period: open.period } : {}), scenes: open.scenes.map(plain) } });
  const plain = ({ title, view, note, highlight }) => ({ title, view, ...(note ? { note } : {}), ...(highlight?.length ? { highlight } : {}) });

  function editor() {
    const { scenes } = open;
    const change = (act) => () => { act(); isMoved = true; save(); };
    const move = (at, by) => change(() => {
      scenes.splice(at + by, 0, ...scenes.splice(at, 1));
      const end = at + by === 0 || at + by === scenes.length - 1;
      wish = `scene${at + by} ${(by < 0) === end ? "down" : "up"}`;
    });
    const field = (kind, holder, key, label, at = "") => node(kind, {
      value: holder[key] || "", "aria-label": label, ...(kind === "textarea" ? { rows: 2 } : { type: "text" }), "data-focus": `scene${at} ${key}`,
      oninput: (event) => { holder[key] = event.target.value; }, // what is typed outlives an answer that comes meanwhile
      onchange: (event) => { holder[key] = event.target.value; save(); },
    });
    const stale = open.isStale ? node("div", { className: "deck-row nothing" }, Atlas.text("deck_stale"),
      button(Atlas.text("deck_save_as"), () => ask("create", { deck: { deck: open.deck, ...(open.period ? { period: open.period } : {}), scenes: scenes.map(plain) } }), { "data-focus": "save as" }),
      button(Atlas.text("deck_newest"), () => ask("open", { slug: open.slug }), { "data-focus": "newest" })) : null;
    return node("div", { className: "deck-editor" }, stale,
      node("label", {}, Atlas.text("deck_title"), field("input", open, "deck", Atlas.text("deck_title"))),
      node("ol", {}, ...scenes.map((scene, at) => node("li", { className: "scene" },
        field("input", scene, "title", Atlas.text("scene_title", { n: at + 1 }), at),
        field("textarea", scene, "note", Atlas.text("scene_note", { n: at + 1 }), at),
        node("code", {}, scene.view),
        node("div", { className: "deck-row" },
          button("↑", move(at, -1), { disabled: at === 0, "aria-label": Atlas.text("scene_up", { n: at + 1 }), "data-focus": `scene${at} up` }),
          button("↓", move(at, 1), { disabled: at === scenes.length - 1, "aria-label": Atlas.text("scene_down", { n: at + 1 }), "data-focus": `scene${at} down` }),
          button(Atlas.text("scene_copy"), change(() => { scenes.splice(at + 1, 0, { ...scene }); wish = `scene${at + 1} copy`; }), { "data-focus": `scene${at} copy` }),
          button(Atlas.text("scene_delete"), change(() => { scenes.splice(at, 1); wish = `scene${Math.min(at, scenes.length - 1)} delete`; }), { disabled: scenes.length === 1, "data-focus": `scene${at} delete` }),
          node("a", { href: scene.view, className: "quiet-button" }, Atlas.text("scene_open")),
          node("a", { href: `${address(open.slug, langQuery())}#${at + 1}`, className: "quiet-button" }, Atlas.text("scene_from_here")))))),
    );
  }

  function fill(place) {
    if (place.filled) return;
    place.filled = true;
    room = place;
    may = Boolean(place.dataset.may);
    known = JSON.parse(place.dataset.decks);
    isListed = true;
    showFiles();
    const sheet = place.closest(".sheet");
    const period = sheet.querySelector("#deck-period");
    const ready = sheet.querySelector('[data-deck="ready"]');
    const query = () => [period.value === "latest" ? "" : `period=${period.value}`, langQuery()].filter(Boolean).join("&");
    const lay = () => {
      ready.replaceChildren(...ways("ready", query()), ...(may ? [button(Atlas.text("deck_keep"), () => ask("ready", { query: query() }))] : []));
      fetch(address("ready", query()), { method: "HEAD" }).catch(() => {}); // so that it is written out when it is opened
    };
    period.append(...Atlas.standing.periods.filter((one) => one !== period.value).map((one) => node("option", { value: one }, one)));
    period.addEventListener("change", lay);
    lay();
    list();
    if (!may) return;
    const file = node("input", { type: "file", accept: ".yaml,.yml,.json", onchange: async () => {
      const [chosen] = file.files;
      if (chosen) ask("file", { text: await chosen.text() }, () => say(Atlas.text("deck_loaded", { name: chosen.name })));
      file.value = "";
    } });
    sheet.querySelector(".deck-file").replaceChildren(file);
    const who = node("input", { type: "text", value: memory.who, maxLength: 60, onchange: () => { memory.who = who.value.trim(); } });
    sheet.querySelector(".deck-who").replaceChildren(node("label", {}, Atlas.text("deck_who"), who));
    sheet.querySelector('[data-deck-op="new"]').onclick = () =>
      ask("create", { deck: { deck: Atlas.text("deck_unnamed"), scenes: [{ title: Object.values(Atlas.layers)[0].title[Atlas.view.lang], view: "/" }] } });
  }
  Atlas.sheets.addMaker("#decks", fill);

  /* ---- capture: the present view of any page, with one key ------------------------------------------------------------ */

  const dialog = node("dialog", { id: "capture" });
  dialog.setAttribute("aria-labelledby", "capture-title");

  function finding() {
    if (Atlas.page === "map") return [byId("map-title")?.textContent, byId("map-sentence")?.textContent].filter(Boolean).join(" · ");
    const place = document.querySelector("#sheet .finding") || document.querySelector("#sheet h2");
    return place ? (place.matches("h2") ? place.firstChild.textContent : place.textContent) : "";
  }
  function capture() {
    const view = Atlas.path + (Atlas.write({ ...Atlas.view, lang: "zh", theme: "light" }) ? `?${Atlas.write({ ...Atlas.view, lang: "zh", theme: "light" })}` : "");
    const title = node("input", { type: "text", value: finding().slice(0, 120) });
    const note = node("textarea", { rows: 4 });
    const deck = node("select", { className: "form-select form-select-sm" },
      ...known.kept.map(({ slug, title: name }) => node("option", { value: slug }, name)),
      node("option", { value: "" }, Atlas.text("deck_new_one")));
    const keep = () => {
      const scene = plain({ title: title.value.trim(), view, note: note.value.trim(), highlight: Atlas.view.county && Atlas.page === "map" ? [Atlas.view.county] : [] });
      const done = (answer) => Atlas.say(Atlas.text("scene_kept", { deck: answer.deck.deck, n: answer.deck.scenes.length }));
      if (deck.value) ask("append", { slug: deck.value, scene }, done);
      else ask("create", { deck: { deck: Atlas.text("deck_unnamed"), scenes: [scene] } }, done);
      dialog.close();
    };
    dialog.replaceChildren(
      node("h2", { id: "capture-title" }, Atlas.text("scene_capture")),
      node("label", {}, Atlas.text("scene_title_label"), title), node("label", {}, Atlas.text("scene_note_label"), note),
      node("label", {}, Atlas.text("scene_into"), deck), node("code", {}, view),
      node("div", { className: "deck-row" },
        node("button", { type: "button", className: "btn btn-primary", onclick: keep }, Atlas.text("scene_keep")),
        button(Atlas.text("close"), () => dialog.close())));
    if (!dialog.isConnected) document.body.append(dialog);
    dialog.showModal();
    title.select();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, select, textarea, dialog") || Atlas.page === "meeting" || Atlas.meeting) return;
    event.preventDefault();
    if (!Atlas.about.scene) { Atlas.say(Atlas.text("scene_not_data")); return; }
    if (isListed) capture();
    else ask("list", {}, capture);
  });
})();
