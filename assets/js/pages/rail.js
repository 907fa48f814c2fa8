/* The filter's chips: their state, and how many counties each would leave. */
import { byId, put, set } from "../core/node.js";
import { FILTER, sets } from "../core/view.js";
import { word } from "../core/words.js";

export const PRESSED = { include: "true", exclude: "mixed", off: "false" };

export function showPressed(view) {
  for (const chip of document.querySelectorAll("[data-option]")) set(chip, "aria-pressed", PRESSED[sets.stateOf(view, chip.dataset.option)]);
  for (const control of document.querySelectorAll("[data-choice]")) {
    const [key, value] = control.dataset.choice.split("=");
    set(control, "aria-pressed", view[key] === value);
  }
}

export function showCounts(view, matched) {
  for (const chip of document.querySelectorAll("[data-option]")) {
    const id = chip.dataset.option;
    const left = sets.count(sets.stateOf(view, id) === "include" ? matched : sets.match(sets.withOption(view, id, "include")));
    put(chip.querySelector(".chip-count"), String(left));
    chip.classList.toggle("leaves-none", left === 0);
  }
  byId("clear")?.toggleAttribute("disabled", FILTER.every((key) => key.endsWith("_op") || !view[key].length));
  byId("theme-toggle")?.setAttribute("aria-label", word(view.theme === "light" ? "theme_to_dark" : "theme_to_light"));
}
