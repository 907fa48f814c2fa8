/* The choice of a period, over the map and on the progress page. */
import { byId, node } from "../core/node.js";
import { state } from "../core/view.js";

export function showPeriods(view) {
  for (const select of [byId("period"), byId("progress-period")]) if (select) fill(select, view);
}
function fill(select, view) {
  const { periods: known } = state.standing; // the latest first
  const periods = !view.period || known.includes(view.period) ? known : [view.period, ...known];
  if (select.dataset.periods !== periods.join()) {
    select.dataset.periods = periods.join();
    select.querySelectorAll("option[data-period]").forEach((option) => option.remove());
    select.append(...periods.map((period) => node("option", { value: period, "data-period": period }, period)));
  }
  select.value = periods.includes(view.period) ? view.period : "latest";
}
