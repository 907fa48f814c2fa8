/* The filter's set algebra. Needs no page.

   Python found which counties hold which option; here those sets are only combined: any or all inside a group, AND
   across groups, then "not". The same rule stands in targets/selection.py, and a browser test holds the two equal. */
export const NEXT = { off: "include", include: "exclude", exclude: "off" };

export function algebra({ counties, options, groups }) {
  const names = Object.keys(groups);
  const everyOption = Object.values(groups).flat();

  /* How many of these options each county holds, by row number. */
  function held(ids) {
    const amount = new Uint8Array(counties.length);
    for (const id of ids) for (const number of options[id].held) amount[number] += 1;
    return amount;
  }

  /* 1 for each county that matches, by row number. */
  function match(view) {
    const result = Uint8Array.from(counties, (county) => (county.county ? 1 : 0));
    for (const group of names) {
      if (!view[group].length) continue;
      const need = view[`${group}_op`] === "all" ? view[group].length : 1;
      held(view[group]).forEach((amount, number) => { if (amount < need) result[number] = 0; });
    }
    for (const id of view.not) for (const number of options[id].held) result[number] = 0;
    return result;
  }

  const everyone = counties.filter(({ county }) => county).length;
  const count = (matched) => matched.reduce((sum, one) => sum + one, 0);
  const leavesOut = (matched) => count(matched) < everyone;

  /* The view with one option put into a state: "include", "exclude" or "off". */
  function withOption(view, id, state) {
    const { group } = options[id];
    const put = (order, list, isIn) => order.filter((other) => (other === id ? isIn : list.includes(other)));
    return {
      ...view,
      [group]: put(groups[group], view[group], state === "include"),
      not: put(everyOption, view.not, state === "exclude"),
    };
  }

  const stateOf = (view, id) =>
    view.not.includes(id) ? "exclude" : view[options[id].group].includes(id) ? "include" : "off";

  /* Whether a group is taken in or excluded as a whole: any of its lists, or none of them. */
  function wholeOf(view, group) {
    if (!(`${group}_op` in view)) return "";
    if (groups[group].every((id) => view.not.includes(id))) return "exclude";
    return view[group].length === groups[group].length && view[`${group}_op`] === "any" ? "include" : "";
  }

  return { held, match, count, leavesOut, withOption, stateOf, wholeOf };
}
