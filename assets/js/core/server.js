/* The one door to the server: pieces of pages by GET, changes by POST, and Dash's own presses. What was lost is said once,
   and the map goes on. */
import { set } from "./dash.js";
import { word } from "./words.js";

const root = document.documentElement;
const send = window.fetch.bind(window);
const wrappers = [];
let onLost = () => {};

export const say = (message) => set("notice", { children: message });
/* Who shows a page that has not come. */
export const whenLost = (listener) => { onLost = listener; };

/* What the doors refuse is said where its answer would stand; a card's worth of words is enough on any other page. */
function refused(message) {
  const place = document.getElementById("deck-said") || document.getElementById("import-refused");
  if (place) { place.className = "nothing"; place.textContent = message; } else say(message);
}
function lost() {
  root.classList.add("is-offline");
  say(word("offline"));
  onLost();
}
async function heard(answer) {
  root.classList.toggle("is-offline", answer.status >= 500);
  if (answer.ok) return;
  const { error } = await answer.clone().json().catch(() => ({}));
  if (error && answer.status === 403) refused(error);
  else if (error && answer.status < 500) say(error);
}

/* Resolves with the answer, or fails after it was said what is wrong. */
export async function ask(path, body = null) {
  const headers = { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) };
  let answer;
  try {
    answer = await send(path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
  } catch (error) { lost(); throw error; }
  await heard(answer);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}
export const json = async (path, body = null) => (await ask(path, body)).json();
/* The store's last event when it was answered. */
export const eventOf = (answer) => /-?\d+/.exec(answer.headers.get("ETag") || "")?.[0] ?? "";

/* Asks without a word about what is lost: who asks says so himself. Null where nothing came. */
export const quietly = (path, settings = {}) =>
  send(path, { cache: "no-store", ...settings, headers: { Accept: "application/json", ...settings.headers } }).catch(() => null);

/* Who goes along with Dash's presses: given the press and how to send it on, it returns the answer. */
export const alongPresses = (wrapper) => wrappers.push(wrapper);
async function press(resource, settings) {
  try {
    const answer = await send(resource, settings);
    await heard(answer);
    return answer;
  } catch (error) { lost(); throw error; } // Dash reports a lost server only to the console
}
export function begin() {
  window.fetch = (resource, settings) => {
    if (!String(resource?.url || resource).includes("_dash-update-component")) return send(resource, settings);
    return wrappers.reduce((next, wrapper) => (more) => wrapper(more, next), (more) => press(resource, more))(settings);
  };
}
