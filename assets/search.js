/* Search by name, short name, adcode, pinyin and its initials. */
"use strict";

/* What was typed → the counties it may mean, best first; and how one is shown. The compare page has the same field. */
Atlas.seek = (() => {
  const { counties } = Atlas;
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
  const label = (entry) => (entry ? `${Atlas.name(entry.number)} · ${Atlas.optionName(counties[entry.number].prefecture)}` : "");
  const source = (query, populate) => {
    const wanted = plain(query.trim());
    const found = wanted ? entries.map((entry) => [rank(entry, wanted), entry]).filter(([order]) => order < 9) : [];
    populate(found.sort((a, b) => a[0] - b[0]).slice(0, 8).map(([, entry]) => entry));
  };
  return (element, id, onConfirm, isEmptied = false) => window.accessibleAutocomplete({
    element,
    id,
    name: "county",
    placeholder: Atlas.text("search_hint"),
    confirmOnBlur: false,
    autoselect: true,
    showAllValues: false,
    displayMenu: "overlay",
    templates: { inputValue: (entry) => (entry && !isEmptied ? Atlas.name(entry.number) : ""), suggestion: label },
    source,
    onConfirm: (entry) => { if (entry) onConfirm(counties[entry.number].adcode); },
    tNoResults: () => Atlas.text("search_none"),
    tStatusNoResults: () => Atlas.text("search_none"),
    tStatusQueryTooShort: () => "",
    tStatusSelectedOption: (name, n, i) => Atlas.text("search_chosen", { name, n, i: i + 1 }),
    tStatusResults: (n) => Atlas.text("search_count", { n }),
    tAssistiveHint: () => Atlas.text("search_hint"),
  });
})();

Atlas.search = () => {
  const room = document.getElementById("search");
  if (room && !room.childElementCount) Atlas.seek(room, "search-field", Atlas.pick);
};
