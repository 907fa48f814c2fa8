/* The spread charts: Plotly comes after the map is on screen, and its bars press like chips. */
import { options } from "../core/data.js";
import * as dash from "../core/dash.js";
import { address, state, toggle } from "../core/view.js";

const script = (name) => new Promise((done, failed) => {
  const tag = document.createElement("script");
  tag.src = document.body.dataset[name];
  tag.onload = done;
  tag.onerror = failed;
  document.body.append(tag);
});
let loading = null;
/* A failed load is forgotten, so that the next opening tries again. */
export const ready = () => (loading ||= script("plotly").then(() => script("plotlyLocale")).catch((error) => { loading = null; throw error; }));
const whenIdle = (task) => (window.requestIdleCallback ? requestIdleCallback(task, { timeout: 1500 }) : setTimeout(task, 300));
const isOpen = () => document.documentElement.classList.contains("spread-open"); // a closed strip is drawn anew on opening
let asked = 0;
let drawnIn = state.view.theme;

function draw() {
  drawnIn = state.view.theme;
  if (isOpen()) dash.set("charts-wanted", { data: { at: (asked += 1), query: address.write(state.view) } });
}
/* Nobody who opens no chart waits for Plotly, or carries it over the wire. */
export const want = () => isOpen() && whenIdle(() => ready().then(draw).catch(() => console.info("The charts could not be loaded; they are tried again when opened.")));
export function show(view) {
  if (loading && state.page === "map" && view.theme !== drawnIn) want();
}

/* What Dash calls by name. */

/* The figure stays; only the heights and numbers of its bars change. */
export function spread(counts, drawn, figure) {
  if (!counts || !figure || !isOpen()) return window.dash_clientside.no_update;
  const groups = Object.keys(counts);
  const layout = { ...figure.layout };
  groups.forEach((group, i) => {
    const axis = i ? `yaxis${i + 1}` : "yaxis";
    layout[axis] = { ...layout[axis], range: [0, Math.max(1, ...counts[group]) * 1.3] };
  });
  const data = figure.data.map((trace, i) => ({ ...trace, y: counts[groups[i]], text: counts[groups[i]] }));
  return { ...figure, data, layout };
}
export function pressBar(click) {
  const option = click?.points?.[0]?.customdata;
  if (option && options[option]) toggle(option);
}
