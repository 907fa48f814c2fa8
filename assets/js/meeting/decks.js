/* Decks: the list, the editor, and the key that captures the present view of any page as a scene. */
import { data, layers } from "../core/data.js";
import { isTyping, plainKey } from "../core/keys.js";
import { byId, node, put } from "../core/node.js";
import * as server from "../core/server.js";
import { stage } from "../core/stage.js";
import { address, state } from "../core/view.js";
import { word } from "../core/words.js";
import * as sheets from "../pages/sheets.js";
import * as order from "./order.js";

const button = (text, act, more = {}) => node("button", { type: "button", className: "quiet-button", onclick: act, ...more }, text);
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
  const { lang } = state.view;
  const path = { list: "/decks", open: `/decks/${more.slug}?lang=${lang}` }[op];
  try {
    receive(await (path ? server.json(path) : server.json("/decks", { op, lang, who: memory.who, ...more })), done);
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
    if (answer.op === "append" || answer.op === "capture") server.say(answer.faults.join(" "));
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
const addressOf = (slug, query = "") => `/meeting/${slug}${query ? `?${query}` : ""}`;
const langQuery = () => [state.view.lang === "en" ? "lang=en" : "", state.view.theme === "dark" ? "theme=dark" : ""].filter(Boolean).join("&");

/* What can be done with a deck: show it, and take it away as a file. */
function ways(slug, query) {
  const asked = [slug === "ready" ? "" : `deck=${slug}`, query].filter(Boolean).join("&");
  const files = Object.values(data.files).filter(({ deck }) => deck);
  return [
    node("a", { href: addressOf(slug, query), className: "btn btn-primary btn-sm", target: "_self" }, word("deck_show")),
    ...files.map((file) => node("a", { href: `${file.path}?${asked}`, className: "quiet-button", "data-slow": file.slow ? "" : null }, file[state.view.lang])),
    node("a", { href: `${addressOf(slug, query)}#print`, className: "quiet-button" }, word("deck_print")),
  ];
}

function list() {
  if (!room?.isConnected) return;
  const { activeElement: active } = document;
  const held = room.contains(active) && active.dataset.focus ? { key: active.dataset.focus, text: active.value, from: active.selectionStart, to: active.selectionEnd } : null;
  const rows = known.kept.map((deck) => node("li", { className: "deck", "data-deck": deck.slug },
    node("div", { className: "deck-head" },
      node("strong", {}, deck.title), node("small", {}, word("deck_when", { when: deck.when, who: deck.who }))),
    node("div", { className: "deck-row" }, ...ways(deck.slug, langQuery()), ...(may ? [
      button(word("deck_edit"), () => (open?.slug === deck.slug ? shut() : ask("open", { slug: deck.slug })), { "aria-expanded": String(open?.slug === deck.slug), "data-focus": `${deck.slug} edit` }),
      button(word("deck_undo"), () => ask("undo", { slug: deck.slug, version: versionOf(deck) }), { "data-focus": `${deck.slug} undo` }),
      button(word("deck_delete"), () => ask("delete", { slug: deck.slug, version: versionOf(deck) }), { "data-focus": `${deck.slug} delete` })] : [])),
    open?.slug === deck.slug ? editor() : null));
  room.replaceChildren(
    rows.length ? node("ul", { className: "deck-list" }, ...rows) : node("p", { className: "quiet" }, word("deck_none")),
    may && known.deleted.length ? node("details", {}, node("summary", {}, word("deck_deleted", { n: known.deleted.length })),
      node("ul", {}, ...known.deleted.map((deck) => node("li", {}, `${deck.slug} · ${deck.when} `, button(word("deck_bring_back"), () => ask("undo", { slug: deck.slug, version: deck.version }), { "data-focus": `${deck.slug} back` }))))) : "",
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
  const tell = (text, isFault = false) => { put(said, text); said.className = isFault ? "nothing" : ""; };
  const end = (text = "") => {
    line.classList.remove("is-making");
    scene.remove();
    bar.remove();
    if (text) tell(text, true);
    else { files.delete(href); showFiles(); }
  };
  files.set(href, line);
  showFiles();
  tell(word("export_begun"));
  for (let step = ""; step !== "ready";) {
    const answer = await server.quietly(href.replace("/export/meeting.", "/export/job/"));
    const told = await answer?.json().catch(() => null);
    if (!told || !answer.ok) { end(told?.error || word("export_lost")); return; }
    step = told.state;
    const isBehind = step === "waiting" && told.ahead;
    tell(word(isBehind ? "export_ahead" : "export_begun", { n: told.ahead }));
    if (step === "making") {
      scene.textContent = word("export_scene", { n: told.scene, of: told.of });
      bar.max = told.of;
      bar.value = told.scene;
    }
    if (step !== "ready") await new Promise((done) => { setTimeout(done, LOOK_AGAIN); });
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
  const change = (act, ...how) => () => { wish = act(scenes, ...how); isMoved = true; save(); };
  const field = (kind, holder, key, label, at = "") => node(kind, {
    value: holder[key] || "", "aria-label": label, ...(kind === "textarea" ? { rows: 2 } : { type: "text" }), "data-focus": `scene${at} ${key}`,
    oninput: (event) => { holder[key] = event.target.value; }, // what is typed outlives an answer that comes meanwhile
    onchange: (event) => { holder[key] = event.target.value; save(); },
  });
  const stale = open.isStale ? node("div", { className: "deck-row nothing" }, word("deck_stale"),
    button(word("deck_save_as"), () => ask("create", { deck: { deck: open.deck, ...(open.period ? { period: open.period } : {}), scenes: scenes.map(plain) } }), { "data-focus": "save as" }),
    button(word("deck_newest"), () => ask("open", { slug: open.slug }), { "data-focus": "newest" })) : null;
  return node("div", { className: "deck-editor" }, stale,
    node("label", {}, word("deck_title"), field("input", open, "deck", word("deck_title"))),
    node("ol", {}, ...scenes.map((scene, at) => node("li", { className: "scene" },
      field("input", scene, "title", word("scene_title", { n: at + 1 }), at),
      field("textarea", scene, "note", word("scene_note", { n: at + 1 }), at),
      node("code", {}, scene.view),
      node("div", { className: "deck-row" },
        button("↑", change(order.move, at, -1), { disabled: at === 0, "aria-label": word("scene_up", { n: at + 1 }), "data-focus": `scene${at} up` }),
        button("↓", change(order.move, at, 1), { disabled: at === scenes.length - 1, "aria-label": word("scene_down", { n: at + 1 }), "data-focus": `scene${at} down` }),
        button(word("scene_copy"), change(order.copy, at), { "data-focus": `scene${at} copy` }),
        button(word("scene_delete"), change(order.remove, at), { disabled: scenes.length === 1, "data-focus": `scene${at} delete` }),
        node("a", { href: scene.view, className: "quiet-button" }, word("scene_open")),
        node("a", { href: `${addressOf(open.slug, langQuery())}#${at + 1}`, className: "quiet-button" }, word("scene_from_here")))))),
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
    ready.replaceChildren(...ways("ready", query()), ...(may ? [button(word("deck_keep"), () => ask("ready", { query: query() }))] : []));
    server.quietly(addressOf("ready", query()), { method: "HEAD", cache: "default" }); // so that it is written out when it is opened
  };
  period.append(...state.standing.periods.filter((one) => one !== period.value).map((one) => node("option", { value: one }, one)));
  period.addEventListener("change", lay);
  lay();
  list();
  if (!may) return;
  const file = node("input", { type: "file", accept: ".yaml,.yml,.json", onchange: async () => {
    const [chosen] = file.files;
    if (chosen) ask("file", { text: await chosen.text() }, () => say(word("deck_loaded", { name: chosen.name })));
    file.value = "";
  } });
  sheet.querySelector(".deck-file").replaceChildren(file);
  const who = node("input", { type: "text", value: memory.who, maxLength: 60, onchange: () => { memory.who = who.value.trim(); } });
  sheet.querySelector(".deck-who").replaceChildren(node("label", {}, word("deck_who"), who));
  sheet.querySelector('[data-deck-op="new"]').onclick = () =>
    ask("create", { deck: { deck: word("deck_unnamed"), scenes: [{ title: Object.values(layers)[0].title[state.view.lang], view: "/" }] } });
}
sheets.addMaker("#decks", fill);

/* ---- capture: the present view of any page, with one key ------------------------------------------------------------ */

const dialog = node("dialog", { id: "capture", "aria-labelledby": "capture-title" });

function finding() {
  if (state.page === "map") return byId("map-title")?.textContent ?? "";
  const said = [...document.querySelectorAll("#sheet .finding"), ...document.querySelectorAll("#sheet h2")];
  const place = said.find((one) => one.textContent.trim());
  return place ? (place.matches("h2") ? place.firstChild.textContent : place.textContent) : "";
}
function capture() {
  const query = address.write({ ...state.view, lang: "zh", theme: "light" });
  const view = state.path + (query ? `?${query}` : "");
  const title = node("input", { type: "text", value: finding().slice(0, 120) });
  const note = node("textarea", { rows: 4 });
  const deck = node("select", { className: "form-select form-select-sm" },
    ...known.kept.map(({ slug, title: name }) => node("option", { value: slug }, name)),
    node("option", { value: "" }, word("deck_new_one")));
  const finish = () => {
    const scene = plain({ title: title.value.trim(), view, note: note.value.trim(), highlight: state.view.county && state.page === "map" ? [state.view.county] : [] });
    const done = (answer) => server.say(word("scene_kept", { deck: answer.deck.deck, n: answer.deck.scenes.length }));
    if (deck.value) ask("append", { slug: deck.value, scene }, done);
    else ask("create", { deck: { deck: word("deck_unnamed"), scenes: [scene] } }, done);
    dialog.close();
  };
  dialog.replaceChildren(
    node("h2", { id: "capture-title" }, word("scene_capture")),
    node("label", {}, word("scene_title_label"), title), node("label", {}, word("scene_note_label"), note),
    node("label", {}, word("scene_into"), deck), node("code", {}, view),
    node("div", { className: "deck-row" },
      node("button", { type: "button", className: "btn btn-primary", onclick: finish }, word("scene_keep")),
      button(word("close"), () => dialog.close())));
  if (!dialog.isConnected) document.body.append(dialog);
  dialog.showModal();
  title.select();
}
export function onKey(event) {
  if (plainKey(event) !== "s" || isTyping(event, ", dialog") || state.page === "meeting" || stage.isOpen) return false;
  if (!state.about.scene) server.say(word("scene_not_data"));
  else if (isListed) capture();
  else ask("list", {}, capture);
  return true;
}
