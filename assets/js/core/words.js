/* How things are called in the reader's language. */
import { counties, data, groups, layers, options } from "./data.js";
import { capital, fill } from "./phrases.js";
import { sentences } from "./sentence.js";
import { sets, state } from "./view.js";

export const word = (key, values) => fill(data.words[state.view.lang][key], values);
const isChinese = () => state.view.lang === "zh";
export const listed = (texts) => texts.join(isChinese() ? "、" : ", ");
export const joined = (texts) => texts.join(isChinese() ? "，" : ", "); // parts of a sentence

export const countyName = (number) => counties[number][isChinese() ? "zh" : "en"];
export const optionName = (id) => options[id][state.view.lang];
export const bandName = (county) => (county.band ? optionName(county.band) : word("none_band"));
export const sayPeople = (people) => (people === null ? "—" : isChinese() ? word("people", { n: (people / 10000).toFixed(1) }) : people.toLocaleString("en"));
export const sayCounties = (amount) => `${amount} ${word(amount === 1 ? "unit_one" : "units")}`;

export const { conditions, sentence, emptySentence } = sentences({ filter: data.filter, groups, options, sets });

/* The classes of a view's layer in the order of its legend. Those of a layer of the store are of the day: while the
   plan's term runs they are others than after it. */
export function legendOf(view) {
  const { rows, group } = layers[view.layer];
  const now = state.standing.layers[view.layer]?.rows ?? rows[Math.min((view[group] ?? []).length, rows.length - 1)];
  return now.map((row) => ({ ...row, label: capital(row[view.lang], view.lang) }));
}
/* What a layer of the store says of a county in a sentence; empty for any other layer. */
export const storedName = (id, layer) => state.standing.layers[layer]?.rows.find((row) => row.id === id)?.[state.view.lang] ?? "";
export const stateName = (id) => storedName(id, "progress");

/* When the county's road was opened, as far as the store knows. */
export function roadText(county) {
  const said = county.opened ? `${word("road_year", { y: county.opened })}${isChinese() ? "" : " "}${word("road_opened")}` : word("road_unknown");
  return `${optionName(county.road)} · ${said}`;
}

/* The county as a screen reader says it on the map. */
export function accessibleName(number) {
  const county = counties[number];
  const { layer } = state.view;
  const stored = layers[layer].store && county.county ? [storedName(data.classes[layer][number], layer)] : [];
  const band = county.county ? optionName(county.band || data.unlisted) : word("not_county");
  return joined([isChinese() ? county.zh : county.name_en, optionName(county.prefecture), band, ...stored]);
}
