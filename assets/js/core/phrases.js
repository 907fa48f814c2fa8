/* A sentence of the catalogue with its values. What is said otherwise of one has both forms, and the name of the value
   that is its count. Needs no page. */
export function fill(said, values = {}) {
  const form = (String(values[said.count]) === "1" ? said.one : said.many) ?? said;
  return form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/* As it begins a sentence, where the language writes that large. */
export const capital = (text, lang) => (lang === "zh" ? text : text.charAt(0).toUpperCase() + text.slice(1));
