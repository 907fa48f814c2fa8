/* The command palette (Ctrl-K, ⌘-K): a county, a prefecture, a page, a layer, a map form, a filter option or an action,
   found by its Chinese or English name, its pinyin or its initials. Everything is in the page already: no request. */
import { MOST_COMPARED } from "../core/address.js";
import { counties, data, layers, numberOf, options } from "../core/data.js";
import { isTyping, letterOf, plainKey } from "../core/keys.js";
import { byId, node } from "../core/node.js";
import { NEXT } from "../core/sets.js";
import { change, go, sets, settleAddress, state } from "../core/view.js";
import { optionName, word } from "../core/words.js";
import * as countyMap from "../map/county_map.js";
import * as compare from "../pages/compare.js";
import * as provenance from "./provenance.js";

const KINDS = ["county", "prefecture", "page", "layer", "form", "filter", "action"];
const MOST = { county: 8, prefecture: 6, page: 6, layer: 6, form: 3, filter: 8, action: 6 }; // shown of each kind
const RECENT = 4;
const SUFFIX = { 县: "xian", 区: "qu", 市: "shi", 州: "zhou" };
const NEGATION = /^(?:(?:not|without|exclude|fei|paichu)\s+|(?:非|排除|不含|除去)\s*|[-!！]\s*)(?=\S)/i;
const SAID_FOR = 5000; // ms
const LANGUAGES = ["zh", "en"];

/* Without spaces, tones, case and punctuation; full-width digits and long dashes as on a keyboard. */
const plain = (text) => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "")
  .replace(/[‐-―－～~]/g, "-").replace(/[\s'’·.,，、：:（）()“”"+&/≥]/g, "");
const PLACE = /^(.*? (?:qu|xian|shi|zizhixian|zizhizhou)) (.*)$/;

/* ---- what can be found ---------------------------------------------------------------------------------------- */

/* Words that name no single entry but a kind of them: 图层, tuceng, layer; 产业集群, Clusters. */
const kindWords = {};
const ofSyllables = (spoken) => {
  const syllables = spoken.split(" ").map(plain).filter(Boolean);
  return { sounds: [syllables.join("")], initials: [syllables.map((one) => (/^[a-z]/.test(one) ? one[0] : one)).join("")] };
};
const ofPlace = (seek, zh) => {
  const [, whole, initials] = PLACE.exec(seek);
  const first = whole.split(" ")[0];
  return { sounds: [...new Set([first, first + SUFFIX[zh.slice(-1)], plain(whole)])], initials: initials.split(" ") };
};
const groupWord = (group, lang) =>
  Object.values(layers).find((layer) => layer.group === group)?.name[lang] ?? data.words[lang].palette_kind_prefecture;

function entry(kind, id, { zh, en, also = [], codes = [], sound, words = [] }) {
  const names = [zh, en, ...also, ...codes].filter(Boolean);
  return {
    kind, id, zh, en, key: `${kind} ${id}`, initials: sound.initials, sounds: sound.sounds,
    names: [...new Set(names.map(plain))],
    english: names.flatMap((name) => name.split(/[^\p{L}\d]+/u).filter((one) => /^[a-z]/i.test(one)).map(plain)),
    words: [...kindWords[kind], ...words],
  };
}

function collect() {
  for (const [kind, id, zh, en, spoken] of data.palette) if (kind === "kind") kindWords[id] = [plain(zh), plain(en), plain(spoken)];
  const places = counties.filter((county) => county.county).map((county) => entry("county", county.adcode, {
    ...county, also: [county.name, county.name_en], codes: [county.adcode], sound: ofPlace(county.seek, county.zh),
  }));
  const listed = data.palette.filter(([kind]) => kind !== "kind").flatMap(([kind, id, zh, en, spoken, also]) => {
    const known = { zh, en, ...options[id], also: also.split("|").filter(Boolean), sound: kind === "prefecture" ? ofPlace(spoken, options[id].zh) : ofSyllables(spoken) };
    if (kind !== "prefecture" && kind !== "filter") return [entry(kind, id, { ...known, zh, en })];
    const filter = entry("filter", id, { ...known, codes: [id], words: LANGUAGES.map((lang) => plain(groupWord(options[id].group, lang))) });
    return kind === "filter" ? [filter] : [entry(kind, id, { ...known, codes: [id] }), filter];
  });
  return [...places, ...listed];
}
let entries = null;
const every = () => (entries ||= collect());

/* ---- finding: exact, then what starts so, then initials, then what holds it ----------------------------------- */

const NOT = 9;
const LOOSE = /[^a-z]|.{3}/; // one or two letters stand in half of all names
function rankOne(item, wanted) {
  const read = [...item.names, ...item.sounds];
  if (read.includes(wanted)) return 0;
  if (read.some((name) => name.startsWith(wanted))) return 1;
  if (item.initials.includes(wanted)) return 2;
  if (item.initials.some((letters) => letters.startsWith(wanted))) return 3;
  if (item.english.some((one) => one.startsWith(wanted))) return 4;
  return LOOSE.test(wanted) && read.some((name) => name.includes(wanted)) ? 5 : NOT;
}
const isKind = (item, wanted) => item.words.some((one) => one.startsWith(wanted));
function rank(item, whole, parts) {
  const found = rankOne(item, whole);
  if (found < NOT) return found;
  if (isKind(item, whole)) return 7;
  /* Several words: each must be found, in the name or in its kind, as in 图层 高速 or "filter wind". */
  return parts.length > 1 && parts.every((part) => rankOne(item, part) < NOT || isKind(item, part)) ? 6 : NOT;
}

/* The suggestions for what was typed, kind after kind, the kind of the best one first. */
export function find(typed) {
  const text = typed.trim();
  const negation = NEGATION.exec(text);
  const rest = negation ? text.slice(negation[0].length) : text;
  const whole = plain(rest);
  if (!whole) return text ? [] : offered();
  const parts = rest.split(/\s+/).map(plain).filter(Boolean);
  const pool = negation ? every().filter(({ kind }) => kind === "filter") : every();
  const found = pool.map((item) => [rank(item, whole, parts), item]).filter(([order]) => order < NOT);
  const kinds = KINDS.map((kind) => found.filter(([, item]) => item.kind === kind).sort((a, b) => a[0] - b[0])).filter((list) => list.length);
  kinds.sort((a, b) => a[0][0] - b[0][0]);
  const rows = kinds.flatMap((list) => {
    const all = list.every(([order]) => order === 7) || kindWords[list[0][1].kind].includes(whole);
    return list.slice(0, all ? list.length : MOST[list[0][1].kind]).map(([, item], i) => ({ ...item, first: i === 0, not: Boolean(negation) }));
  });
  /* Without a keyboard there is no Shift: the best county is also offered on the map, and for the comparison. */
  const [best] = rows;
  if (best?.kind === "county" && kinds[0][0][0] < 4) rows.splice(1, 0, { ...best, key: "", pick: true, first: false }, { ...best, key: "", compare: true, first: false });
  return withComparison(rows);
}

/* The county that is on the page or picked can be compared from where the comparison stands. */
function withComparison(rows) {
  const here = { map: state.view.county, county: state.path.split("/")[2] }[state.page];
  const shown = every().find(({ kind, id }) => kind === "county" && id === here);
  const at = rows.findIndex(({ kind, id }) => kind === "page" && id === "/compare");
  if (shown && at >= 0) rows.splice(at + 1, 0, { ...shown, key: "", compare: true, first: false });
  return rows;
}

const used = []; // keys, the latest first; forgotten with the tab
function offered() {
  const recent = used.map((key, i) => ({ ...every().find((item) => item.key === key), recent: true, first: i === 0 }));
  const rest = ["page", "layer", "form", "action"].flatMap((kind) =>
    every().filter((item) => item.kind === kind).map((item, i) => ({ ...item, first: i === 0 })));
  return withComparison([...recent, ...rest]);
}

/* ---- doing ------------------------------------------------------------------------------------------------------ */

const nextState = (item) => (item.not ? "exclude" : NEXT[sets.stateOf(state.view, item.id)]);
const leftBy = (id, to) => word("palette_left", { n: sets.count(sets.match(sets.withOption(state.view, id, to))) });

function onMap(patch) {
  const away = state.page !== "map";
  if (away) go("/");
  change(patch, { push: !away }); // one step back leads to where one was
}
const rooms = { map: "map-stage", data: "data-room" };
function enter(path) {
  go(path);
  const room = byId(rooms[state.page] || "sheet");
  if (!room) return;
  if (!room.hasAttribute("tabindex")) room.tabIndex = -1;
  room.focus({ preventScroll: true });
}

/* As any control of the page is pressed. */
function press(action) {
  const control = Object.assign(document.createElement("button"), { type: "button", hidden: true });
  control.dataset.action = action;
  document.body.append(control);
  control.click();
  control.remove();
}

/* Office networks have no https, and without it no clipboard but the old one. */
async function copyAddress() {
  settleAddress();
  let done = true;
  try {
    await navigator.clipboard.writeText(location.href);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: location.href });
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    done = document.execCommand("copy");
    field.remove();
    before?.focus({ preventScroll: true });
  }
  say(word(done ? "link_copied" : "link_failed"));
}

const frames = async (amount) => { for (let i = 0; i < amount; i += 1) await new Promise(requestAnimationFrame); };
const DO = {
  county: (item, map) => (map ? onMap({ county: item.id }) : enter(`/county/${item.id}`)),
  prefecture: (item, map) => {
    if (!map) { enter(`/prefecture/${item.id}`); return; }
    onMap(state.view.map === "panels" ? { map: "true" } : {});
    countyMap.zoomToPrefecture(item.id);
    if (byId("zoom-to")) byId("zoom-to").value = item.id;
  },
  page: (item) => enter(item.id),
  layer: (item) => onMap({ layer: item.id }),
  form: (item) => onMap({ map: item.id }),
  filter: (item) => {
    const next = nextState(item);
    change(sets.withOption(state.view, item.id, next));
    /* Where the filter is not in sight, what was done is said. */
    if (!byId("rail")?.offsetParent) say(word("palette_said", { what: word(`palette_to_${next}`), name: optionName(item.id), left: leftBy(item.id, next) }));
  },
  action: async (item) => {
    if (item.id === "take-link") { await copyAddress(); return; }
    if (/^take-(png|svg)$/.test(item.id) && state.page !== "map") {
      go("/");
      await frames(4); // the map lays its labels when it has its room
    }
    press(item.id);
  },
};

function act(item, map) {
  used.unshift(item.kind + " " + item.id);
  used.splice(0, used.length, ...[...new Set(used)].slice(0, RECENT));
  close();
  if (item.compare) compare.toggle(item.id);
  else DO[item.kind](item, map || item.pick);
}

/* ---- what a suggestion says --------------------------------------------------------------------------------------- */

const safe = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
function nameOf(item) {
  const name = item[state.view.lang];
  if (item.pick) return word("palette_pick", { name });
  return item.compare ? word(state.view.compare.includes(item.id) ? "palette_compare_out" : "palette_compare", { name }) : name;
}
const kindName = (item) => word(`palette_kind_${item.kind}`);
function stateOf(item) {
  const { view } = state;
  const { kind, id } = item;
  if (item.compare) return word("compare_count", { n: view.compare.length, most: MOST_COMPARED });
  if (kind === "county") return view.county === id ? word("palette_picked") : "";
  if (kind === "page" || kind === "prefecture") return state.path === (kind === "page" ? id : `/prefecture/${id}`) ? word("palette_now") : "";
  if (kind === "layer") return view.layer === id ? word("palette_now") : "";
  if (kind === "form") return view.map === id ? word("palette_now") : "";
  if (kind === "filter") {
    const now = sets.stateOf(view, id), next = nextState(item);
    const held = now === "off" ? "" : word(`palette_is_${now}`);
    if (now === next) return held;
    return `${held ? `${held} → ` : ""}${word(`palette_to_${next}`)} · ${leftBy(id, next)}`;
  }
  if (id === "language") return word("palette_speaks");
  if (id === "theme") return word(view.theme === "light" ? "palette_light" : "palette_dark");
  if (id === "clear") return byId("clear")?.disabled ? word("palette_no_filter") : "";
  return "";
}
function suggestion(item) {
  if (!item) return "";
  const zh = state.view.lang === "zh";
  const other = item[zh ? "en" : "zh"];
  const isCommand = item.pick || item.compare;
  const isSame = other.includes(nameOf(item)) || nameOf(item).includes(other); // 2024年 is 2024
  const about = item.kind === "county" ? optionName(counties[numberOf[item.id]].prefecture)
    : item.kind === "filter" ? groupWord(options[item.id].group, state.view.lang) : "";
  const mark = item.kind === "filter" && options[item.id].mark;
  return [
    `<span class="palette-kind${item.first ? "" : " palette-same"}">${safe(item.recent ? word("palette_kind_recent") : kindName(item))}</span>`,
    `<span class="palette-name">${mark ? `<span class="badge-mark" data-role="${item.id}" aria-hidden="true">${safe(mark)}</span>` : ""}`,
    `<b${isCommand ? ' class="palette-pick"' : ""}>${safe(nameOf(item))}</b>`,
    isCommand || isSame ? "" : ` <small lang="${zh ? "en" : "zh-CN"}">${safe(other)}</small>`,
    item.recent ? ` <small>${safe(kindName(item))}</small>` : about && !isCommand ? ` <small>${safe(about)}</small>` : "",
    `</span><span class="palette-state">${safe(item.pick ? "" : stateOf(item))}</span>`,
  ].join("");
}

/* ---- the dialog ------------------------------------------------------------------------------------------------------ */

let dialog = null;
let shift = false;

function build() {
  const label = node("label", { htmlFor: "palette-field", className: "visually-hidden" });
  const leave = node("button", { type: "button", className: "quiet-button" }, node("kbd", {}, "Esc"));
  const room = node("div", { className: "palette-search" });
  const foot = node("p", { className: "palette-foot" });
  dialog = node("dialog", { id: "palette" }, node("div", { className: "palette-box" }, label, leave, room, foot));
  leave.onclick = close;
  Object.assign(dialog, { label, leave, foot });
  document.body.append(dialog); // the list's own script looks for its room in the page
  window.accessibleAutocomplete({
    element: room,
    id: "palette-field",
    name: "command",
    confirmOnBlur: false,
    autoselect: true,
    showAllValues: true,
    dropdownArrow: () => null,
    displayMenu: "inline",
    templates: { inputValue: (item) => (item ? `${kindName(item)} ${nameOf(item)}` : ""), suggestion },
    source: (query, populate) => {
      populate(find(query));
      byId("palette-field__listbox")?.scrollTo(0, 0);
    },
    onConfirm: (item) => { if (item) act(item, shift); },
    tNoResults: () => word("palette_none"),
    tStatusNoResults: () => word("palette_none"),
    tStatusQueryTooShort: () => "",
    tStatusSelectedOption: (name, n, i) => `${word("search_count", { n })}${state.view.lang === "zh" ? "，" : ", "}${word("search_chosen", { name, n, i: i + 1 })}`,
    tStatusResults: (n) => word("search_count", { n }),
    tAssistiveHint: () => word("palette_hint"),
  });
  /* No key of the palette is a key of the page behind it; Enter's Shift is read before the list sees it. */
  dialog.addEventListener("keydown", (event) => { shift = event.shiftKey; }, true);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("click", (event) => { shift = event.shiftKey; }, true);
  dialog.addEventListener("mousedown", (event) => {
    if (event.target === dialog) close();
    else if (event.target.tagName !== "INPUT") event.preventDefault(); // the field keeps the focus, and the list stays open
  });
  dialog.addEventListener("close", () => dialog.remove());
}

const keys = (parts) => parts.map(([sign, does]) => node("span", {}, ...(sign ? [node("kbd", {}, sign), ` ${does}`] : [does])));
function open() {
  if (!dialog) build();
  provenance.hide(false);
  if (!dialog.isConnected) document.body.append(dialog);
  const field = dialog.querySelector("input[role=combobox]");
  dialog.setAttribute("aria-label", word("palette_label"));
  dialog.label.textContent = word("palette_field");
  dialog.leave.setAttribute("aria-label", `Esc ${word("palette_close")}`);
  dialog.foot.replaceChildren(...keys([
    ["↑↓", word("palette_key_move")], ["↵", word("palette_key_do")], ["⇧↵", word("palette_key_map")], ["", word("palette_key_not")],
  ]));
  field.placeholder = word("palette_hint");
  field.value = "";
  dialog.showModal();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
function close() {
  if (dialog?.open) dialog.close();
}

/* ---- what was done, where nothing else shows it ---------------------------------------------------------------------- */

const status = node("div", { id: "palette-said", role: "status" });
document.body.append(status);
let saying = 0;
function say(text) {
  clearTimeout(saying);
  status.textContent = text;
  saying = setTimeout(() => { status.textContent = ""; }, SAID_FOR);
}

/* ---- keys ---------------------------------------------------------------------------------------------------------------- */

document.documentElement.classList.toggle("is-mac", /Mac|iPhone|iPad/.test(navigator.platform));
export function onKey(event) {
  if (event.isComposing || event.altKey) return false;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && letterOf(event) === "k") {
    if (dialog?.open) close();
    else open();
    return true;
  }
  const field = byId("search-field");
  if (!["/", "、"].includes(plainKey(event)) || dialog?.open || !field || isTyping(event, ", [contenteditable]")) return false;
  field.focus();
  return true;
}
document.addEventListener("click", (event) => { if (event.target.closest?.('[data-action="palette"]')) open(); });
