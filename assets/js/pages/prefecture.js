/* The ways out of a prefecture's page: to another one, and to its counties on the map. */
import { groups } from "../core/data.js";
import { change, go } from "../core/view.js";
import { zoomToPrefecture } from "../map/county_map.js";

document.addEventListener("change", ({ target }) => {
  if (target.id !== "turn-choice") return;
  const { value } = target;
  for (const option of target.options) if (option.defaultSelected) target.value = option.value; // the page is kept, and stays this one's
  go(`/prefecture/${value}`);
});
document.addEventListener("click", (event) => {
  const code = event.target.closest?.("[data-turn-map]")?.dataset.turnMap;
  if (!code || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const empty = Object.fromEntries([...Object.keys(groups), "not"].map((group) => [group, []]));
  go("/");
  change({ ...empty, prefecture: [code] }, { push: false });
  zoomToPrefecture(code);
});
