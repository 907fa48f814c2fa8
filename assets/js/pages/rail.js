/* The filter: its drawers of chips, how many counties each would leave, and what is chosen. */
import { data, groups, options } from "../core/data.js";
import { byId, node, put, set } from "../core/node.js";
import { FILTER, change, sets, state } from "../core/view.js";
import { optionName, word } from "../core/words.js";
import { badge } from "../map/marks.js";

export const PRESSED = { include: "true", exclude: "mixed", off: "false" };
const html = document.documentElement;

export function showPressed(view) {
  for (const chip of document.querySelectorAll("[data-option]")) set(chip, "aria-pressed", PRESSED[sets.stateOf(view, chip.dataset.option)]);
  for (const chip of document.querySelectorAll("[data-exclude]")) set(chip, "aria-pressed", sets.stateOf(view, chip.dataset.exclude) === "exclude");
  for (const chip of document.querySelectorAll("[data-whole]")) set(chip, "aria-pressed", sets.wholeOf(view, chip.dataset.whole) === chip.dataset.state);
  for (const control of document.querySelectorAll("[data-choice]")) {
    const [key, value] = control.dataset.choice.split("=");
    set(control, "aria-pressed", view[key] === value);
  }
  showChosen(view);
}

/* What is chosen, a chip each: an option with its state, or all of a group's at once. */
function chosenOf(view) {
  const chosen = [];
  for (const [group, ids] of Object.entries(groups)) {
    for (const [how, held] of [["include", view[group]], ["exclude", view.not.filter((id) => options[id].group === group)]]) {
      const isWhole = sets.wholeOf(view, group) === how;
      if (isWhole) chosen.push({ whole: group, state: how });
      else for (const id of ids) if (held.includes(id)) chosen.push({ id, state: how });
    }
  }
  return chosen;
}
/* The chosen chips, always in sight: a press takes one away. */
const nameOf = ({ id, whole, state: held }) => (whole ? word(`whole_${held}_${whole}`) : held === "exclude" ? word("not", { name: optionName(id) }) : optionName(id));
let chosenIn = "";
function showChosen(view) {
  const chosen = chosenOf(view);
  html.classList.toggle("is-filtered", chosen.length > 0);
  const key = view.lang + JSON.stringify(chosen);
  const room = byId("chosen");
  if (!room || (key === chosenIn && room.childElementCount === chosen.length)) return;
  chosenIn = key;
  room.replaceChildren(...chosen.map((one) => {
    const name = nameOf(one);
    return node("li", {}, node("button", {
      type: "button", className: `chosen-chip${one.state === "exclude" ? " is-not" : ""}`, "aria-label": word("unset", { name }),
      ...(one.whole ? { "data-whole": one.whole, "data-state": one.state, "aria-pressed": "true" } : { "data-unset": one.id }),
    }, one.id && options[one.id].mark ? badge(one.id) : null, name));
  }));
  for (const drawer of document.querySelectorAll(".filter-drawer")) {
    const group = drawer.dataset.drawer;
    drawer.classList.toggle("is-chosen", chosen.some(({ id, whole }) => (whole || options[id].group) === group));
  }
}

export const withWhole = (view, group, to) => groups[group].reduce((made, id) => sets.withOption(made, id, to), { ...view, [`${group}_op`]: "any" });
export const pressWhole = ({ whole, state: to }) => change(withWhole(state.view, whole, sets.wholeOf(state.view, whole) === to ? "off" : to));
export const exclude = (id) => change(sets.withOption(state.view, id, sets.stateOf(state.view, id) === "exclude" ? "off" : "exclude"));

export function showCounts(view, matched) {
  for (const chip of document.querySelectorAll("[data-option]")) {
    const id = chip.dataset.option;
    const left = sets.count(sets.stateOf(view, id) === "include" ? matched : sets.match(sets.withOption(view, id, "include")));
    put(chip.querySelector(".chip-count"), String(left));
    chip.classList.toggle("leaves-none", left === 0);
  }
  for (const chip of document.querySelectorAll(".wholes [data-whole]")) {
    const { whole, state: to } = chip.dataset;
    put(chip.querySelector(".chip-count"), String(sets.count(sets.match(withWhole(view, whole, to)))));
  }
  for (const place of document.querySelectorAll(".drawer-count")) {
    const held = sets.held(groups[place.dataset.group].filter((id) => id !== data.unlisted));
    put(place, String(matched.reduce((sum, one, number) => sum + (one && held[number] ? 1 : 0), 0)));
  }
  byId("clear")?.toggleAttribute("disabled", FILTER.every((key) => key.endsWith("_op") || !view[key].length));
  byId("theme-toggle")?.setAttribute("aria-label", word(view.theme === "light" ? "theme_to_dark" : "theme_to_light"));
}

/* One drawer at a time; a press beside it, or Esc, shuts it. On a phone they stand under each other. */
const open = () => [...document.querySelectorAll(".filter-drawer[open]")];
const isNarrow = () => innerWidth < 900;
document.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.matches?.(".filter-drawer") || isNarrow()) return;
  for (const other of open()) if (other !== target) other.open = false;
}, true);
/* As in any menu bar: while one is open, the mouse on another opens that. */
document.addEventListener("pointerover", ({ target, pointerType }) => {
  const drawer = target.closest?.(".filter-drawer > summary")?.parentElement;
  if (drawer && pointerType === "mouse" && !drawer.open && open().length && !isNarrow()) drawer.open = true;
});
document.addEventListener("pointerdown", ({ target }) => {
  if (isNarrow() || target.closest?.(".filter-drawer, #chosen-line, #palette")) return;
  for (const drawer of open()) drawer.open = false;
});
export function onKey(event) {
  if (event.key !== "Escape") return false;
  const drawers = open();
  for (const drawer of drawers) {
    if (drawer.contains(document.activeElement)) drawer.firstElementChild.focus();
    drawer.open = false;
  }
  return drawers.length > 0;
}
