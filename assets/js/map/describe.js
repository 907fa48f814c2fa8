/* What stands beside a county under the mouse. */
import { counties, data, layers } from "../core/data.js";
import { node } from "../core/node.js";
import { state } from "../core/view.js";
import { bandName, optionName, roadText, sayPeople, storedName, word } from "../core/words.js";
import { badge } from "./marks.js";

export function describe(number) {
  const county = counties[number];
  const full = state.view.lang === "zh" ? county.name : county.name_en;
  const lines = [node("strong", {}, full), node("span", { className: "hover-prefecture" }, optionName(county.prefecture))];
  if (!county.county) return [...lines, node("p", {}, word("not_county")), node("p", {}, sayPeople(county.people))];
  lines.push(node("p", { className: "hover-band" }, bandName(county)));
  const roles = [...county.clusters, ...county.energy];
  lines.push(roles.length
    ? node("ul", {}, ...roles.map((id) => node("li", {}, badge(id), optionName(id))))
    : node("p", { className: "quiet" }, word("no_roles")));
  const standing = state.standing.said[number];
  if (standing) lines.push(node("p", {}, standing));
  const { layer } = state.view;
  if (layers[layer].store) lines.push(node("p", { className: "hover-state" }, storedName(data.classes[layer][number], layer)));
  if (county.road) lines.push(node("p", {}, roadText(county)));
  lines.push(node("p", { className: "quiet" }, sayPeople(county.people)));
  return lines;
}
