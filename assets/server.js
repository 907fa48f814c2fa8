/* The one door to the server: pieces of pages by GET, changes by POST. What was lost is said once, and the map goes on. */
"use strict";

Atlas.server = (() => {
  const root = document.documentElement;
  const send = window.fetch.bind(window);
  const say = (message) => window.dash_clientside?.set_props?.("notice", { children: message });

  /* What the doors refuse is said where its answer would stand; a card's worth of words is enough on any other page. */
  function refused(message) {
    const place = document.getElementById("deck-said") || document.getElementById("import-refused");
    if (place) { place.className = "nothing"; place.textContent = message; } else say(message);
  }
  function lost() {
    root.classList.add("is-offline");
    say(Atlas.text("offline"));
    Atlas.sheets?.lost();
  }
  async function heard(answer) {
    root.classList.toggle("is-offline", answer.status >= 500);
    if (answer.ok) return;
    const { error } = await answer.clone().json().catch(() => ({}));
    if (error && answer.status === 403) refused(error);
    else if (error && answer.status < 500) say(error);
  }

  /* Resolves with the answer, or fails after it was said what is wrong. */
  async function ask(path, body = null) {
    const headers = { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) };
    let answer;
    try {
      answer = await send(path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
    } catch (error) { lost(); throw error; }
    await heard(answer);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }
  /* The store's last event when it was answered. */
  const eventOf = (answer) => /-?\d+/.exec(answer.headers.get("ETag") || "")?.[0] ?? "";
  const json = async (path, body = null) => (await ask(path, body)).json();

  /* Dash reports a lost server only to the console. */
  window.fetch = async (resource, settings) => {
    if (!String(resource?.url || resource).includes("_dash-update-component")) return send(resource, settings);
    try {
      const answer = await send(resource, settings);
      await heard(answer);
      return answer;
    } catch (error) { lost(); throw error; }
  };

  return { ask, json, eventOf, say };
})();
