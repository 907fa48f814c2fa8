/* Tables that travel as data, and are built here. */
import { node } from "../core/node.js";

/* A cell is text, or {text} with county, share, lang, look and value, pick or undo. */
function cell(given) {
  if (typeof given === "string") return given;
  if (given.county) {
    const path = `/county/${given.county}`;
    return node("a", { href: path, className: "county-link", "data-page": path }, given.text);
  }
  if (given.share !== undefined) {
    const made = node("span", { className: "cover" }, given.text);
    made.style.setProperty("--share", given.share);
    return made;
  }
  if (given.lang) return node("span", { lang: given.lang }, given.text);
  if (given.look) return node("button", { type: "button", className: "quiet-button look", "data-look": given.look, "data-value": given.value }, given.text);
  const [kind, value] = given.pick ? ["data-pick", given.pick] : ["data-undo", given.undo];
  return node("button", { type: "button", className: given.pick ? "row-pick-link" : "quiet-button undo", [kind]: value }, given.text);
}
export function buildTables(root = document) {
  for (const room of root.querySelectorAll("[data-table]")) {
    if (room.built === room.dataset.table) continue;
    room.built = room.dataset.table;
    const { heads, rows } = JSON.parse(room.built);
    room.replaceChildren(node("table", { className: "plain" },
      node("thead", {}, node("tr", {}, ...heads.map((text) => node("th", { scope: "col" }, text)))),
      node("tbody", {}, ...rows.map((row) => node("tr", row[0].county ? { "data-adcode": row[0].county } : {}, ...row.map((one) => node("td", {}, cell(one))))))));
  }
}
