/* The settlement page: what if, and the order by one indicator. Python works both out; here they are asked for and set. */
import { byId } from "../core/node.js";
import { state } from "../core/view.js";
import { word } from "../core/words.js";
import { askPart } from "./sheets.js";

const yearOf = (node) => node.closest("[data-settle-year]").dataset.settleYear;
let asked = 0; // the answer to the last question counts

async function set(room, address, given) {
  const mine = (asked += 1);
  const query = new URLSearchParams({ ...given, lang: state.view.lang });
  try {
    const parts = await askPart(`/fragment/settlement/${address}?${query}`);
    if (mine === asked) byId(room).replaceChildren(...parts);
  } catch {
    if (mine === asked) byId(room).textContent = word("sheet_lost");
  }
}

const attempt = (node) => set("settle-tried", "try", {
  year: yearOf(node), place: byId("settle-place").value, figure: byId("settle-figure").value, value: byId("settle-value").value,
});
document.addEventListener("click", (event) => { if (event.target.id === "settle-try") attempt(event.target); });
document.addEventListener("keydown", (event) => { if (event.target.id === "settle-value" && event.key === "Enter") attempt(event.target); });
document.addEventListener("change", (event) => {
  if (event.target.id === "settle-indicator") set("settle-order", "order", { year: yearOf(event.target), indicator: event.target.value });
});
