/* The one place where keys are heard. A handler returns true for a key that it took: nobody else gets it then.

   Those of the first kind come before any control of the page, as a meeting's; the others after it, so that a list or
   a field uses its own keys. */
const first = [], last = [];

function hear(handlers) {
  return (event) => {
    if (!handlers.some((handler) => handler(event))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
}
export function begin(target = globalThis) {
  target.addEventListener("keydown", hear(first), true);
  target.addEventListener("keydown", hear(last));
}
export const keyFirst = (handler) => first.push(handler);
export const keyLast = (handler) => last.push(handler);

/* A key without Ctrl, Alt or ⌘, letters small; else nothing. */
export function plainKey({ key = "", ctrlKey, metaKey, altKey }) { // a field that is filled by the browser says no key
  if (ctrlKey || metaKey || altKey) return "";
  return key.length === 1 ? key.toLowerCase() : key;
}
/* The letter of a key, whatever is typed with it: with a Chinese or Russian keyboard too. */
export const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key : code?.replace("Key", "") ?? "").toLowerCase();
export const isTyping = (event, also = "") => Boolean(event.target.closest?.(`input, select, textarea${also}`));
