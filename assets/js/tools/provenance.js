/* The panel of a source mark: where a datum stands. One panel for the whole page, beside the mark that opened it. */
import * as boxes from "../core/boxes.js";
import { data } from "../core/data.js";
import { node } from "../core/node.js";
import { state } from "../core/view.js";
import { word } from "../core/words.js";

const panel = node("div", { id: "provenance", tabIndex: -1, role: "dialog" });
let opener = null;

const made = (tag, text, lang) => node(tag, { lang: lang || "" }, text);

function fill({ title, lang, lines }) {
  const close = node("button", { type: "button", "aria-label": word("close"), onclick: () => hide(true) }, "×");
  panel.replaceChildren(close, made("h3", title, lang), node("dl", {}, ...lines.flatMap(([heading, text, language, gloss]) =>
    [made("dt", heading), gloss ? node("dd", {}, made("span", text, language), gloss) : made("dd", text, language)])));
  panel.setAttribute("aria-label", title);
}

/* A mark carries what it says, or the id of an option or park whose lines came with the page. */
export const read = (given) => (given.startsWith("{") ? JSON.parse(given) : data.sources_of[state.view.lang][given]);

function place() {
  const at = boxes.of(opener);
  const { width, height } = panel.getBoundingClientRect();
  const below = at.bottom + 6 + height <= innerHeight || at.top < height + 12;
  panel.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(below ? at.bottom + 6 : at.top - height - 6, innerHeight - height - 8))}px`;
}

/* What `given` says, opened beside `mark`; a second press on the same mark closes it. */
export function show(mark, given) {
  if (opener === mark && panel.isConnected) { hide(true); return; }
  opener = mark;
  fill(given);
  document.body.append(panel);
  mark.setAttribute("aria-expanded", "true");
  place();
  panel.focus({ preventScroll: true });
}

export function hide(back) {
  if (!panel.isConnected) return;
  panel.remove(); // not only hidden: its words would stay behind in the language it was opened in
  opener?.removeAttribute("aria-expanded");
  if (back && opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest?.("[data-source]");
  if (mark) show(mark, read(mark.dataset.source));
  else if (!panel.contains(event.target) && event.target !== opener) hide(false);
});
export function onKey(event) {
  if (event.key !== "Escape" || !panel.isConnected) return false;
  hide(true);
  return true;
}
/* The panel stays with its mark while the page moves under it. */
document.addEventListener("scroll", (event) => { if (panel.isConnected && !panel.contains(event.target)) place(); }, true);
