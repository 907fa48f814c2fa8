/* A filter in words, joined of the phrases that Python joins too (targets/selection.py, `Said`); a test holds the two
   equal. Needs no page. */
import { capital, fill } from "./phrases.js";

const MOST = 3; // options to let go that are named

export function sentences({ filter, groups, options, sets }) {
  const isOf = (group) => (id) => options[id].group === group;

  /* The phrase for the included options of one group. */
  function included(view, group) {
    const { words, inside, whole } = filter[view.lang];
    if (view[group].length === whole[group]?.n && view[`${group}_op`] === "any") return whole[group].in;
    const names = view[group].map((id) => inside[id]).join(words[view[`${group}_op`] || "any"]);
    return words[group] ? fill(words[group], { years: names, names }) : names;
  }

  function conditions(view) {
    const { spoken, excluded, whole } = filter[view.lang];
    const without = (group, ids) => (ids.length === whole[group]?.n ? [whole[group].none] : ids.map((id) => excluded[id]));
    return spoken.flatMap((group) => [
      ...(view[group].length ? [included(view, group)] : []),
      ...without(group, view.not.filter(isOf(group))),
    ]);
  }

  /* The filter and its result in one sentence. */
  function sentence(view, count) {
    const { words } = filter[view.lang];
    const parts = conditions(view);
    if (!parts.length) return fill(words.everyone, { n: count });
    return fill(words.counted, { said: capital(parts.join(words.between), view.lang), n: count });
  }

  const left = (view) => sets.count(sets.match(view));
  const best = (ways) => ways.sort((a, b) => b[1] - a[1]);

  /* The chosen options whose removal alone leaves some, with their number, best first; of several joined by "or" none
     alone holds the others back: then whole groups. */
  function loosened(view) {
    const { excluded, name } = filter[view.lang];
    const chosen = Object.values(groups).flat().filter((id) => sets.stateOf(view, id) !== "off");
    const ways = chosen.map((id) => [view.not.includes(id) ? excluded[id] : name[id], left(sets.withOption(view, id, "off"))]).filter(([, n]) => n);
    if (ways.length) return best(ways);
    const asked = Object.keys(groups).filter((group) => view[group].length);
    return best(asked.map((group) => [included(view, group), left({ ...view, [group]: [] })]).filter(([, n]) => n));
  }

  /* That no county is left, and what to let go. */
  function emptySentence(view) {
    const { words, alone } = filter[view.lang];
    const [only, ...more] = view.prefecture;
    if (only && !more.length && alone[only] && !view.not.includes(only)) return alone[only];
    const ways = loosened(view);
    if (!ways.length) return [words.empty, words.empty_still].join(words.then);
    const without = ways.slice(0, MOST).map(([name, n]) => fill(words.without, { name, n })).join(words.between);
    return [words.empty, capital(without, view.lang) + words.end].join(words.then);
  }

  return { conditions, sentence, emptySentence };
}
