/* The view's text form, the query of an address; layouts/facts/view.py reads and writes it too. Needs no page. */
export const MOST_COMPARED = 6;
export const DEFAULTS = {
  layer: "band", band: [], cluster: [], cluster_op: "any", energy: [], energy_op: "any", road: [], prefecture: [],
  not: [], county: null, compare: [], map: "true", parks: "", period: null, lang: "zh", theme: "light",
};

// One stretch from January has one key: 2025-09 in an older note is 2025Q3.
const ENDINGS = { "-03": "Q1", "-06": "Q2", "-09": "Q3", "-12": "", Q4: "" };
export const canonical = (period) => period.slice(0, 4) + (ENDINGS[period.slice(4)] ?? period.slice(4));

const owns = (record, key) => Object.prototype.hasOwnProperty.call(record, key);

/* `isKnown` says of which periods anything is known. */
export function addresses({ numberOf, groups, choices, isKnown }) {
  const everyOption = Object.values(groups).flat();

  function read(query) {
    const view = { ...DEFAULTS }; // its lists are replaced, never changed
    const seen = new Set();
    for (const [key, value] of new URLSearchParams(query)) {
      if (seen.has(key) || !owns(DEFAULTS, key)) continue;
      if (key === "compare") {
        view[key] = [...new Set(value.split(","))].filter((adcode) => owns(numberOf, adcode)).slice(0, MOST_COMPARED);
        seen.add(key);
      } else if (Array.isArray(DEFAULTS[key])) {
        const given = value.split(",");
        view[key] = (key === "not" ? everyOption : groups[key]).filter((id) => given.includes(id));
        seen.add(key);
      } else if (
        (choices[key] || []).includes(value) || (key === "county" && owns(numberOf, value)) ||
        (key === "period" && isKnown(canonical(value)))
      ) {
        view[key] = key === "period" ? canonical(value) : value;
        seen.add(key);
      }
    }
    return view;
  }

  function write(view) {
    return Object.keys(DEFAULTS)
      .map((key) => [key, Array.isArray(view[key]) ? view[key].join(",") : view[key], DEFAULTS[key]])
      .filter(([, value, standard]) => value && value !== standard)
      .map(([key, value]) => `${key}=${value}`)
      .join("&");
  }

  return { read, write };
}
