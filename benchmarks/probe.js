// Runs before each contender's own scripts, and says when a state of its map has been presented on the screen.
//
// One rule for all. `matched` reads from what is drawn how many counties stand in their own colour. In the very task in which
// the map takes the awaited state (attributes set, canvas flushed, plot drawn) presented.js marks the frame, and tells when it
// was presented.
// CSS transitions on the map count as not yet painted until they have ended.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const pale = ["#e9e9e4", "rgb(233, 233, 228)"]; // PALE in shapes.py
  const contenders = {
    atlas: {
      map: () => document.getElementById("county-map"),
      colours: () => all("svg#county-map path.county[data-adcode][data-class]").map((path) => getComputedStyle(path).fill),
      matched: () => all('svg#county-map path.county[data-adcode][data-match="1"]').length,
      watch: (map, shown) => new MutationObserver(shown).observe(map, { subtree: true, attributeFilter: ["data-match"] }),
    },
    echarts: {
      map: () => (window.mapFlushed ? document.getElementById("map") : null),
      colours: () => chart.getZr().storage.getDisplayList().filter((shape) => shape.type === "compound").map((s) => s.style.fill),
      matched: () => inColour(contenders.echarts.colours()),
      watch: (map, shown) => (window.onMapFlushed = shown),
    },
    naive: {
      map: () => document.querySelector("#map .js-plotly-plot"),
      colours: () => all("#map path.choroplethlocation").map((path) => path.getAttribute("fill")),
      matched: () => inColour(contenders.naive.colours()),
      watch: (map, shown) => map.on("plotly_afterplot", shown),
      patience: Infinity, // Dash itself draws this map, so the first press is heard: another would only queue a second figure
    },
  };
  const contender = contenders[window.benchContender];
  const inColour = (colours) => colours.filter((colour) => !pale.includes(colour)).length;
  function drawn() {
    const seen = contender.map()?.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!seen || contender.matched() !== 86) return false; // the 87th, 嘉峪关, is no county and in no band
    const colours = contender.colours();
    return colours.length === 87 && new Set(colours).size === 8;
  }

  const presented = window.benchPresented; // of presented.js

  let awaited = null; // { test, resolve }
  async function shown() {
    if (!awaited?.test(contender.matched())) return;
    const { resolve } = awaited;
    awaited = null;
    let time = await presented();
    const moving = contender.map().getAnimations({ subtree: true });
    if (moving.length) {
      await Promise.allSettled(moving.map((animation) => animation.finished));
      time = await presented();
    }
    resolve(time);
  }
  function next(test) {
    return new Promise((resolve, reject) => {
      awaited = { test, resolve };
      setTimeout(() => reject(new Error("the map did not take the awaited state within 15 s")), 15_000);
    });
  }

  let pressedAt = 0;
  addEventListener("click", (event) => (pressedAt = event.timeStamp), true);

  const first = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no map with all counties in their colours within 30 s")), 30_000);
    let found = false;
    function look() {
      if (found || !drawn()) return;
      found = true;
      contender.watch(contender.map(), shown);
      resolve(presented());
    }
    window.onMapFlushed = () => ((window.mapFlushed = true), look());
    requestAnimationFrame(function frame() {
      look();
      if (!found) requestAnimationFrame(frame);
    });
  });

  window.bench = {
    map: contender.map,
    first, // when the first map with all counties in their colours was presented
    arm(count) { // then press; `painted` gives the ms from the press to the map with `count` counties in colour
      if (contender.matched() === count) throw new Error(`the map shows ${count} counties already`);
      this.painted = next((matched) => matched === count).then((time) => time - pressedAt);
    },
    // when the first map changed by a press was presented; presses from the first frame with a map on, until one is heard
    answered: window.benchPress && first.then(async () => {
      const answer = next((matched) => matched !== 86);
      const heard = () => !awaited;
      for (let last = -Infinity; !heard(); await new Promise(requestAnimationFrame)) {
        if (performance.now() - last < (contender.patience ?? 50)) continue;
        last = performance.now();
        document.querySelector('[data-option="C1"]')?.click();
      }
      return answer;
    }),
  };
})();
