/* The spread charts: Plotly comes after the map is on screen, and its bars press like chips. */
"use strict";

Atlas.charts = (() => {
  const script = (name) => new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = document.body.dataset[name];
    tag.onload = done;
    tag.onerror = failed;
    document.body.append(tag);
  });
  let loading = null;
  /* A failed load is forgotten, so that the next opening tries again. */
  const load = () => (loading ||= script("plotly").then(() => script("plotlyLocale")).catch((error) => { loading = null; throw error; }));
  const whenIdle = (task) => (window.requestIdleCallback ? requestIdleCallback(task, { timeout: 1500 }) : setTimeout(task, 300));
  let asked = 0;
  let drawnIn = Atlas.view.theme;
  Atlas.onChange((view) => { if (loading && Atlas.page === "map" && view.theme !== drawnIn) Atlas.charts(); });
  const isOpen = () => document.documentElement.classList.contains("spread-open");
  const charts = () => whenIdle(() => load().then(() => { drawnIn = Atlas.view.theme; if (isOpen()) window.dash_clientside.set_props("charts-wanted", { data: { at: (asked += 1), query: Atlas.write(Atlas.view) } }); })
    .catch(() => console.info("The charts could not be loaded; they are tried again when opened.")));
  charts.ready = load;
  return charts;
})();

window.dash_clientside = Object.assign(window.dash_clientside || {}, {
  atlas: {
    /* The figure stays; only the heights and numbers of its bars change. */
    spread: (counts, drawn, figure) => {
      const isOpen = document.documentElement.classList.contains("spread-open"); // a closed strip is drawn anew on opening
      if (!counts || !figure || !isOpen) return window.dash_clientside.no_update;
      const groups = Object.keys(counts);
      const layout = { ...figure.layout };
      groups.forEach((group, i) => {
        const axis = i ? `yaxis${i + 1}` : "yaxis";
        layout[axis] = { ...layout[axis], range: [0, Math.max(1, ...counts[group]) * 1.3] };
      });
      const data = figure.data.map((trace, i) => ({ ...trace, y: counts[groups[i]], text: counts[groups[i]] }));
      return { ...figure, data, layout };
    },
    changed: (event) => { if (event) Atlas.refresh(); },
    press_bar: (click) => {
      const option = click?.points?.[0]?.customdata;
      if (option && Atlas.options[option]) Atlas.toggle(option);
    },
  },
});
