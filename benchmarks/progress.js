// Runs in place of probe.js on the progress page, and says when its charts, or what a press has changed, have been presented.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const headline = () => document.querySelector("#progress-live .finding")?.textContent;
  const rows = () => all("#progress-live .dots tbody tr").filter((row) => !row.hidden).map((row) => row.dataset.adcode);
  const same = (some, others) => some.length === others.length && some.every((one) => others.includes(one));

  // Each row has its dot, and no row waits for a script.
  const shown = () => rows().length > 0 && all(".dots .dot-mark").length >= rows().length;
  // The rows are those of the counties that match now.
  function followed() {
    const every = all("#progress-live .dots tbody tr").map((row) => row.dataset.adcode);
    return same(rows(), every.filter((adcode) => Atlas.matched[Atlas.numberOf[adcode]]));
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
    // Then press; `followed` gives the ms from the press to its rows and bars, `painted` to its headline too.
    arm() {
      const before = headline();
      pressedAt = 0;
      const since = (time) => time - pressedAt;
      this.followed = when(() => pressedAt && followed(), 15).then(since);
      this.painted = when(() => pressedAt && followed() && headline() && headline() !== before, 15).then(since);
    },
  };
})();
