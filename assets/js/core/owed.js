/* What is written a little later, in the order in which it was asked for: the address of each view. Needs no page.

   To write an address has the browser draw its own bar, which takes longer than to paint the map. Of two that would take
   one another's place only the latter is written. */
export function owing(write, delay) {
  let owed = [];
  let waiting = 0;

  function settle() {
    clearTimeout(waiting);
    const all = owed;
    owed = [];
    for (const one of all) write(...one);
  }
  function owe(push, url) {
    if (push || !owed.length) owed.push([push, url]);
    else owed[owed.length - 1][1] = url;
    clearTimeout(waiting);
    waiting = setTimeout(settle, delay);
  }
  function drop() {
    clearTimeout(waiting);
    owed = [];
  }
  return { owe, settle, drop };
}
