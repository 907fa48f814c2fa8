/* The data page: files that cannot be sent, what an import is just doing, and presses in its tables. */
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const node = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const set = (id, properties) => window.dash_clientside?.set_props?.(id, properties);
  const paragraph = (text) => ({ props: { children: text, className: "nothing" }, type: "P", namespace: "dash_html_components" });

  /* ---- choosing: what was on show goes at once; the file is read again even if it is the same one ------------------ */

  function chosen(files) {
    set("import-file", { contents: null });
    set("accept-room", { children: null });
    const most = Number(byId("import-progress").dataset.most);
    const [file] = files;
    const trouble = files.length > 1 ? Atlas.text("file_one")
      : file.size > most ? Atlas.text("file_too_large", { name: file.name, size: (file.size / 1048576).toFixed(1) }) : null;
    set("import-room", { children: trouble ? paragraph(trouble) : null });
    if (!trouble) begin("file");
  }
  const inDrop = (event) => event.target.closest?.("#import-file");
  document.addEventListener("change", (event) => { if (inDrop(event) && event.target.files?.length) chosen([...event.target.files]); }, true);
  /* The status is chosen in a plain drop-down, and held by a hidden field that Dash knows and may set back. */
  document.addEventListener("change", (event) => { if (event.target.id === "import-status-choice") set("import-status", { value: event.target.value }); });
  new MutationObserver(() => {
    const [choice, held] = [byId("import-status-choice"), byId("import-status")];
    if (choice && held && held.value && choice.value !== held.value) choice.value = held.value;
  }).observe(byId("react-entry-point") || document.body, { subtree: true, childList: true, attributeFilter: ["value"] });
  document.addEventListener("drop", (event) => { if (inDrop(event) && event.dataTransfer?.files.length) chosen([...event.dataTransfer.files]); }, true);

  /* ---- what goes on: the step, as the server says it, and the seconds since it began ------------------------------- */

  const PATIENCE = 300; // ms before anything is said
  const BEAT = 400;
  let going = null; // {step, since, job, timer}

  function say() {
    const room = byId("import-progress");
    if (!room || !going || Date.now() - going.since < PATIENCE) return;
    if (!room.firstChild) room.append(node("p", { className: "progress-step", role: "status" }), node("p", { className: "progress-time", ariaHidden: "true" }));
    const [step, time] = room.children;
    const text = Atlas.text(`step_${going.step}`);
    if (step.textContent !== text) step.textContent = text; // spoken when it changes; the seconds are only seen
    time.textContent = Atlas.text("step_seconds", { n: Math.floor((Date.now() - going.since) / 1000) });
  }
  async function beat(mine) {
    say();
    // Where one thread does everything, the answer comes when the work is done: then the step stays as it is.
    if (mine.job && !mine.asking && Date.now() - mine.since > PATIENCE) {
      mine.asking = true;
      try {
        const { step } = await (await fetch(`/import/step?job=${mine.job}`)).json();
        if (step && going === mine) mine.step = step;
      } catch { /* a lost server is said elsewhere */ }
      mine.asking = false;
    }
    if (going === mine) mine.timer = setTimeout(beat, BEAT, mine);
  }
  function begin(step, job = null) {
    end();
    going = { step, job, since: Date.now() };
    going.timer = setTimeout(beat, PATIENCE + 10, going);
    byId("import-progress")?.setAttribute("aria-busy", "true");
  }
  function end() {
    clearTimeout(going?.timer);
    going = null;
    byId("import-progress")?.replaceChildren();
    byId("import-progress")?.removeAttribute("aria-busy");
  }

  const CHANGES = /^\{"output":"\.\.import-room\.children/;
  const fetchAsBefore = window.fetch.bind(window);
  window.fetch = async (resource, settings) => {
    const body = settings?.body;
    const isImport = typeof body === "string" && CHANGES.test(body.slice(0, 100)) && !body.includes('"id":"import-file","property":"contents","value":null') && String(resource?.url || resource).includes("_dash-update-component");
    if (!isImport) return fetchAsBefore(resource, settings);
    const job = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
    const since = going?.since;
    begin(body.slice(0, 3000).includes('"undo-ask"') ? "store" : "send", job);
    if (since) going.since = since;
    const mine = going;
    try {
      return await fetchAsBefore(resource, { ...settings, headers: { ...settings.headers, "X-Atlas-Job": job } });
    } finally {
      if (going === mine) end();
    }
  };

  /* ---- presses ------------------------------------------------------------------------------------------------------- */

  function ask(button) {
    const row = button.closest("tr");
    const [batch, , file, amount] = [...row.cells].map((cell) => cell.textContent);
    const what = Number(amount) ? Atlas.text("undo_rows", { file, n: amount }) : file;
    const yes = node("button", { type: "button", className: "btn btn-primary btn-sm sure", textContent: Atlas.text("undo_yes") });
    yes.dataset.undo = button.dataset.undo;
    const no = node("button", { type: "button", className: "quiet-button", textContent: Atlas.text("undo_no") });
    const question = node("div", { className: "undo-ask", role: "group" }, node("p", { textContent: Atlas.text("undo_ask", { batch, what }) }), no, yes);
    question.setAttribute("aria-label", question.firstChild.textContent);
    const back = () => { question.replaceWith(button); button.focus(); };
    no.onclick = back;
    question.onkeydown = (event) => { if (event.key === "Escape") { event.stopPropagation(); back(); } };
    button.replaceWith(question);
    no.focus();
  }

  // Before anyone else hears of it: an undo is asked for twice, and nothing is pressed while an import is under way.
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-undo],#import-accept,[data-look]");
    if (!target) return;
    if (target.dataset.look) {
      set(`${target.dataset.look}-ask`, { data: { value: target.dataset.value, at: Date.now() } });
      opening = target.dataset.look;
    } else if (going) event.stopPropagation();
    else if (target.dataset.undo && !target.classList.contains("sure")) {
      event.stopPropagation();
      ask(target);
    }
  }, true);

  /* What a press opens may stand far away: it is brought into sight, and has the focus. */
  let opening = null;
  const ROOMS = { past: "#past-banner", batch: "#batch-room .opened", history: "#history-room .opened" };
  new MutationObserver(() => {
    const place = opening && document.querySelector(ROOMS[opening]);
    if (!place || place === seen) return;
    opening = null;
    seen = place;
    place.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    place.focus({ preventScroll: true });
  }).observe(byId("react-entry-point") || document.body, { childList: true, subtree: true, characterData: true });
  let seen = null;
})();
