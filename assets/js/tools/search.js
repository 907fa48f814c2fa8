/* Search by name, short name, adcode, pinyin and its initials. */
import { counties } from "../core/data.js";
import { pick } from "../core/view.js";
import { countyName, optionName, word } from "../core/words.js";

/* What was typed → the counties it may mean, best first; and how one is shown. The compare page has the same field. */
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f'’ ]/g, "").toLowerCase();
const entries = counties.map((county, number) => ({
  number,
  names: [county.zh, county.name, county.adcode, plain(county.en), plain(county.name_en), plain(county.seek.split(" ")[0])],
  words: county.seek.split(" ").map(plain),
  whole: plain(county.seek),
}));
const rank = (entry, wanted) => {
  if (entry.words.includes(wanted) || entry.names.includes(wanted)) return 0;
  if ([...entry.names, ...entry.words, entry.whole].some((name) => name.startsWith(wanted))) return 1;
  return entry.names.slice(0, 3).some((name) => name.includes(wanted)) ? 2 : 9;
};
const label = (entry) => (entry ? `${countyName(entry.number)} · ${optionName(counties[entry.number].prefecture)}` : "");
const source = (query, populate) => {
  const wanted = plain(query.trim());
  const found = wanted ? entries.map((entry) => [rank(entry, wanted), entry]).filter(([order]) => order < 9) : [];
  populate(found.sort((a, b) => a[0] - b[0]).slice(0, 8).map(([, entry]) => entry));
};
export const seek = (element, id, onConfirm, isEmptied = false) => window.accessibleAutocomplete({
  element,
  id,
  name: "county",
  placeholder: word("search_hint"),
  confirmOnBlur: false,
  autoselect: true,
  showAllValues: false,
  displayMenu: "overlay",
  templates: { inputValue: (entry) => (entry && !isEmptied ? countyName(entry.number) : ""), suggestion: label },
  source,
  onConfirm: (entry) => { if (entry) onConfirm(counties[entry.number].adcode); },
  tNoResults: () => word("search_none"),
  tStatusNoResults: () => word("search_none"),
  tStatusQueryTooShort: () => "",
  tStatusSelectedOption: (name, n, i) => word("search_chosen", { name, n, i: i + 1 }),
  tStatusResults: (n) => word("search_count", { n }),
  tAssistiveHint: () => word("search_hint"),
});

export function fill() {
  const room = document.getElementById("search");
  if (room && !room.childElementCount) seek(room, "search-field", pick);
}
