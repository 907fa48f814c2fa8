/* The map's headline: what the layer finds among the counties that match. layouts/facts/headline.py says the same, in the
   same words. */
import { counties, data, groups, layers } from "../core/data.js";
import { capital } from "../core/phrases.js";
import { sets } from "../core/view.js";
import { conditions, countyName, joined, legendOf, listed, optionName, sayPeople, word } from "../core/words.js";

const FEW = 6; // so many counties are named

function counted(view, numbers) {
  const classes = sets.classes(view);
  const held = {};
  for (const number of numbers) held[classes[number]] = (held[classes[number]] || 0) + 1;
  return held;
}
/* The class of the layer's own of which most are, the first of the legend among equals, and how many. */
function largest(view, numbers) {
  const held = counted(view, numbers);
  const row = legendOf(view).filter(({ outside }) => !outside).reduce((best, one) => ((held[one.id] || 0) > (held[best.id] || 0) ? one : best));
  return { most: row[view.lang], k: held[row.id] || 0 };
}

function spread(numbers) {
  const held = {};
  for (const number of numbers) held[counties[number].prefecture] = (held[counties[number].prefecture] || 0) + 1;
  const first = groups.prefecture.reduce((best, code) => ((held[code] || 0) > (held[best] || 0) ? code : best));
  return word("headline_spread", { p: Object.keys(held).length, most: optionName(first), k: held[first] });
}

const FINDINGS = {
  most(view, numbers) {
    const { most, k } = largest(view, numbers);
    if (!k) return word("headline_nothing");
    return word("headline_most", { most, k, n: numbers.length });
  },
  band(view, numbers) {
    const held = numbers.filter((number) => counties[number].band);
    if (!held.length) return word("headline_nothing");
    const { most, k } = largest(view, held);
    return word("headline_band", { most, k, n: held.length });
  },
  counts(view, numbers) {
    const { group } = layers[view.layer];
    const held = sets.held(view[group].length ? view[group] : groups[group]);
    const n = numbers.filter((number) => held[number]).length;
    const k = Math.max(...numbers.map((number) => held[number]));
    if (!n) return word("headline_nothing");
    const first = numbers.filter((number) => held[number] === k);
    if (k === 1) return n === numbers.length ? spread(numbers) : word("headline_listed", { n });
    if (first.length > 1) return word("headline_counts_several", { n, k, several: first.length });
    return word("headline_counts", { n, name: countyName(first[0]), k });
  },
  road(view, numbers) {
    const planned = numbers.filter((number) => counties[number].road);
    const k = planned.filter((number) => counties[number].opened).length;
    if (!planned.length) return word("headline_road_nothing");
    if (k === planned.length) return word("headline_road_all", { n: k });
    return word("headline_road", { n: planned.length, k }) + word("headline_road_unknown", { u: planned.length - k });
  },
  states(view, numbers) {
    const held = counted(view, numbers);
    const rows = legendOf(view).filter(({ id }) => id !== data.no_target && held[id]);
    if (!rows.length) return word("headline_nothing");
    const states = joined(rows.map((row) => word("headline_state", { k: held[row.id], state: row[view.lang] })));
    return word("headline_states", { n: rows.reduce((sum, { id }) => sum + held[id], 0), states });
  },
  people(view, numbers) {
    const known = numbers.filter((number) => counties[number].people !== null);
    if (!known.length) return word("headline_unknown");
    const by = (isBetter) => known.reduce((best, one) => (isBetter(counties[one].people, counties[best].people) ? one : best));
    const most = by((a, b) => a > b), least = by((a, b) => a < b);
    const said = (number) => sayPeople(counties[number].people);
    if (most === least) return word("headline_people_one", { most: countyName(most), a: said(most) });
    return word("headline_people", { most: countyName(most), a: said(most), least: countyName(least), b: said(least) });
  },
};

export function headline(view, matched) {
  const numbers = counties.map((_, number) => number).filter((number) => matched[number]);
  const asked = conditions(view);
  const what = capital(asked.join(word("headline_between")), view.lang);
  if (!numbers.length) return word("headline_none", { what });
  if (asked.length && numbers.length <= FEW) return word("headline_few", { what, n: numbers.length, names: listed(numbers.map(countyName)) });
  const said = FINDINGS[layers[view.layer].finding](view, numbers);
  return asked.length ? word("headline_many", { what, n: numbers.length, said }) : capital(said, view.lang);
}
