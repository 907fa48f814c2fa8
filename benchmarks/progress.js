// Runs in place of probe.js on the progress page, and says when its charts, or a new headline, have been presented.
(() => {
  const all = (selector) => document.querySelectorAll(selector).length;
  const headline = () => document.querySelector("#progress-live .finding")?.textContent;

  // The first bar of each county, its row in the table beneath, and the open tables of the lower half.
  function shown() {
    const rows = all("#progress-live .twin tbody tr");
    const traces = [...document.querySelectorAll("#bullets-graph .trace.bars")];
    const bars = Math.max(0, ...traces.map((trace) => trace.querySelectorAll(".point").length));
    return rows > 0 && bars >= rows && all("#progress-settled > section > .table-room tbody tr") > 0;
  }
  function when(test, seconds) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the progress page was not shown within ${seconds} s`)), seconds * 1000);
      const watch = new MutationObserver(look);
      function look() {
        if (!test()) return;
        watch.disconnect();
        clearTimeout(late);
        resolve(benchPresented());
      }
      watch.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      look();
    });
  }

  let pressedAt = 0;
  addEventListener("click", (event) => (pressedAt = event.timeStamp), true);
  window.bench = {
    first: when(shown, 30),
    arm() { // then press; `painted` gives the ms from the press to another headline
      const before = headline();
      this.painted = when(() => headline() && headline() !== before, 15).then((time) => time - pressedAt);
    },
  };
})();
