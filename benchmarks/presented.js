// Runs first in each measured page, and says when a frame has been presented on the screen, by Element Timing: a small text
// mark is put into the page, so that it goes out in the same frame as what was just changed, raster included.
(() => {
  const marks = {};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) marks[entry.identifier]?.(entry.presentationTime || entry.renderTime);
  }).observe({ type: "element" });

  window.benchPresented = () => { // of the frame that is being made: a promise of its time, ms since navigation began
    const mark = document.createElement("span");
    mark.textContent = "·";
    mark.style.cssText = "position:fixed;left:2px;bottom:2px;font-size:9px;z-index:9999";
    mark.setAttribute("elementtiming", `mark-${Object.keys(marks).length}`);
    const time = new Promise((resolve) => (marks[mark.getAttribute("elementtiming")] = resolve));
    document.body.append(mark);
    return time.finally(() => mark.remove());
  };
})();
