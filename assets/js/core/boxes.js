/* Where things stand, in the window's px.

   In a part that CSS's zoom enlarges, as a meeting's stage, boxes come in the part's own px before Chromium 128, and
   Firefox enlarges nothing before 126. What a box says of a part that is twice as large tells which it is. */
let told = 0;
function isTold() {
  if (!told) {
    const probe = document.createElement("div");
    probe.style.cssText = "position: fixed; width: 10px; zoom: 2; visibility: hidden;";
    document.body.append(probe);
    told = probe.getBoundingClientRect().width / probe.offsetWidth;
    probe.remove();
  }
  return told > 1.5;
}

/* By how much a node is larger than its box says. */
export function owed(node) {
  let times = 1;
  if (!isTold()) for (let at = node; at; at = at.parentElement) times *= Number(getComputedStyle(at).zoom) || 1;
  return times;
}

/* `times` is known where the boxes of many nodes of one part are read. */
export function of(node, times = owed(node)) {
  const box = node.getBoundingClientRect();
  return times === 1 ? box : new DOMRect(box.x * times, box.y * times, box.width * times, box.height * times);
}
