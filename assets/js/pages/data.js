/* The data page: files that cannot be sent, what an import is just doing, and presses in its tables. */
import { set } from "../core/dash.js";
import { byId, node, put } from "../core/node.js";
import * as server from "../core/server.js";
import { word } from "../core/words.js";

const paragraph = (text) => ({ props: { children: text, className: "nothing" }, type: "P", namespace: "dash_html_components" });

/* ---- choosing: what was on show goes at once; the file is read again even if it is the same one ------------------ */

function chosen(files) {
  set("import-file", { contents: null });
  set("accept-room", { children: null });
  const most = Number(byId("import-progress").dataset.most);
  const [file] = files;
  const trouble = files.length > 1 ? word("file_one")
    : file.size > most ? word("file_too_large", { name: file.name, size: (file.size / 1048576).toFixed(1) }) : null;
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
  if (!room.firstChild) room.append(node("p", { className: "progress-step", role: "status" }), node("p", { className: "progress-time", "aria-hidden": "true" }));
  const [step, time] = room.children;
  put(step, word(`step_${going.step}`)); // spoken when it changes; the seconds are only seen
  time.textContent = word("step_seconds", { n: Math.floor((Date.now() - going.since) / 1000) });
}
async function beat(mine) {
  say();
  // Where one thread does everything, the answer comes when the work is done: then the step stays as it is.
  if (mine.job && !mine.asking && Date.now() - mine.since > PATIENCE) {
    mine.asking = true;
    const answer = await server.quietly(`/import/step?job=${mine.job}`); // a lost server is said elsewhere
    const { step } = (await answer?.json().catch(() => null)) ?? {};
    if (step && going === mine) mine.step = step;
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
server.alongPresses(async (settings, send) => {
  const body = settings?.body;
  const isImport = typeof body === "string" && CHANGES.test(body.slice(0, 100)) && !body.includes('"id":"import-file","property":"contents","value":null');
  if (!isImport) return send(settings);
  const job = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
  const since = going?.since;
  begin(body.slice(0, 3000).includes('"undo-ask"') ? "store" : "send", job);
  if (since) going.since = since;
  const mine = going;
  try {
    return await send({ ...settings, headers: { ...settings.headers, "X-Atlas-Job": job } });
  } finally {
    if (going === mine) end();
  }
});

/* ---- presses ------------------------------------------------------------------------------------------------------- */

function ask(button) {
  const row = button.closest("tr");
  const [batch, , file, amount] = [...row.cells].map((cell) => cell.textContent);
  const what = Number(amount) ? word("undo_rows", { file, n: amount }) : file;
  const asked = word("undo_ask", { batch, what });
  const yes = node("button", { type: "button", className: "btn btn-primary btn-sm sure", "data-undo": button.dataset.undo }, word("undo_yes"));
  const no = node("button", { type: "button", className: "quiet-button" }, word("undo_no"));
  const question = node("div", { className: "undo-ask", role: "group", "aria-label": asked }, node("p", {}, asked), no, yes);
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
