/* The small signs of options and classes. */
import { options } from "../core/data.js";
import { node } from "../core/node.js";

export const badge = (id, more = {}) => node("span", { className: "badge-mark", "data-role": id, "aria-hidden": "true", ...more }, options[id].mark);
export const swatch = (id, layer = null, unopened = false) =>
  node("span", { className: "swatch", "data-class": id, "data-layer": layer, "aria-hidden": "true", "data-road": unopened ? "unknown" : null });
