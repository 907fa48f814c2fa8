/* The plan page: its rows filtered by what is typed and by their kind, and the ways to the map. */
import { groups } from "../core/data.js";
import { node } from "../core/node.js";
import { address, change, go } from "../core/view.js";
import { word } from "../core/words.js";
import * as sheets from "./sheets.js";

const asked = { text: "", kind: "" }; // kept when the language changes and the page is made anew
const said = new WeakMap(); // row → its text in small letters
const textOf = (row) => {
  if (!said.has(row)) said.set(row, row.textContent.replace(/\s+/g, " ").toLowerCase());
  return said.get(row);
};

function show(page) {
  const wanted = asked.text.trim().replace(/\s+/g, " ").toLowerCase();
  const rows = [...page.querySelectorAll(".plan-row")];
  const found = new Set(rows.filter((row) => (!asked.kind || row.dataset.kind === asked.kind) && (!wanted || textOf(row).includes(wanted))));
  for (const list of page.querySelectorAll(".plan-rows")) {
    const mine = [...list.children];
    const some = mine.some((row) => found.has(row));
    for (const row of mine) {
      const context = some && !found.has(row) && "head" in row.dataset; // whose task it is stays in sight
      row.hidden = !found.has(row) && !context;
      row.classList.toggle("is-context", context);
    }
    list.hidden = !some;
  }
  for (const part of page.querySelectorAll(".plan-part")) part.hidden = !part.querySelector(".plan-rows:not([hidden])");
  page.querySelector(".plan-contents").hidden = found.size < rows.length;
  page.querySelector(".plan-none").hidden = found.size > 0;
  /* Also on paper: what was asked for, where not every row is there. */
  const kind = page.querySelector("#plan-kind").selectedOptions[0].textContent.replace(/ \d+$/, "");
  const what = [wanted && asked.text.trim(), asked.kind && kind].filter(Boolean).join(" · ");
  page.querySelector(".plan-left").textContent = word(what ? "plan_left" : "plan_all", { what, n: rows.length, left: found.size });
}

function fill(page) {
  const place = page.querySelector("[data-plan-field]");
  if (!place.firstChild) {
    place.append(node("input", { type: "search", id: "plan-search", placeholder: place.dataset.planField, value: asked.text, autocomplete: "off" }));
    page.querySelector("#plan-kind").value = asked.kind;
    if (asked.text || asked.kind) show(page);
  }
}

const pageOf = (place) => place.closest?.(".plan-page");
document.addEventListener("input", (event) => {
  const page = pageOf(event.target);
  if (!page) return;
  if (event.target.id === "plan-search") asked.text = event.target.value;
  else if (event.target.id === "plan-kind") asked.kind = event.target.value;
  else return;
  show(page);
});
document.addEventListener("click", (event) => {
  const query = event.target.closest?.("[data-plan-map]")?.dataset.planMap;
  if (!query || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { layer, ...next } = address.read(query);
  const chosen = Object.fromEntries([...Object.keys(groups), "not"].map((key) => [key, next[key]]));
  go("/");
  change({ ...chosen, layer }, { push: false });
});

sheets.addMaker(".plan-page", fill);
