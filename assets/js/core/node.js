/* Makes elements: an attribute where the name has a hyphen, and `role`, which Firefox knows as no property; else a
   property. Children that are nothing are left out. */
export function node(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const SVG = "http://www.w3.org/2000/svg";
export function element(tag, attributes = {}, parent = null, text = null) {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

export const byId = (id) => document.getElementById(id);

/* Nothing is written that stands there already: the page would be laid out for it, and read out. */
export const put = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
export const set = (place, name, value) => { if (place.getAttribute(name) !== String(value)) place.setAttribute(name, value); };
export const hide = (place, away) => { if (place.hidden !== away) place.hidden = away; };
