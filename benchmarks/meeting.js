// Runs in place of probe.js where scenes are shown by keys, and says when a key's scene has been presented.
(() => {
  let pressed = null;
  // Before the page's own listener: the mark goes out in the frame of what the key changes.
  addEventListener("keydown", (event) => {
    if (pressed) pressed(benchPresented().then((time) => time - event.timeStamp));
    pressed = null;
  }, true);
  const stands = () => (document.body?.dataset.scenes || window.Atlas?.meeting) && !document.documentElement.classList.contains("is-starting");
  window.bench = {
    first: new Promise((resolve) => {
      const look = () => (stands() ? resolve(benchPresented()) : requestAnimationFrame(look));
      look();
    }),
    arm() { this.painted = new Promise((resolve) => (pressed = resolve)); },
  };
})();
