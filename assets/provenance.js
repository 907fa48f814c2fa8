/* The panel of a source mark: where a datum stands. One panel for the whole page, beside the mark that opened it. */
"use strict";

Atlas.provenance = (() => {
  const panel = document.createElement("div");
  panel.id = "provenance";
  panel.tabIndex = -1;
  panel.setAttribute("role", "dialog");
  let opener = null;

  const made = (tag, text, lang) => Object.assign(document.createElement(tag), { textContent: text, lang: lang || "" });

  function fill({ title, lang, lines }) {
    const close = Object.assign(made("button", "×"), { type: "button" });
    close.setAttribute("aria-label", Atlas.text("close"));
    close.onclick = () => hide(true);
    const list = document.createElement("dl");
    for (const [heading, text, language, gloss] of lines) {
      const said = gloss ? made("dd") : made("dd", text, language);
      if (gloss) said.append(made("span", text, language), gloss);
      list.append(made("dt", heading), said);
    }
    panel.replaceChildren(close, made("h3", title, lang), list);
    panel.setAttribute("aria-label", title);
  }

  /* A mark carries what it says, or the id of an option or park whose lines came with the page. */
  const read = (given) => (given.startsWith("{") ? JSON.parse(given) : Atlas.data.sources_of[Atlas.view.lang][given]);

  function place() {
    const at = Atlas.boxes.of(opener);
    const { width, height } = panel.getBoundingClientRect();
    const below = at.bottom + 6 + height <= innerHeight || at.top < height + 12;
    panel.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    panel.style.top = `${Math.max(8, Math.min(below ? at.bottom + 6 : at.top - height - 6, innerHeight - height - 8))}px`;
  }

  /* What `given` says, opened beside `mark`; a second press on the same mark closes it. */
  function show(mark, given) {
    if (opener === mark && panel.isConnected) { hide(true); return; }
    opener = mark;
    fill(given);
    document.body.append(panel);
    mark.setAttribute("aria-expanded", "true");
    place();
    panel.focus({ preventScroll: true });
  }

  function hide(back) {
    if (!panel.isConnected) return;
    panel.remove(); // not only hidden: its words would stay behind in the language it was opened in
    opener?.removeAttribute("aria-expanded");
    if (back && opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("[data-source]");
    if (mark) show(mark, read(mark.dataset.source));
    else if (!panel.contains(event.target) && event.target !== opener) hide(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.isConnected) return;
    hide(true);
    event.stopImmediatePropagation();
  }, true);
  /* The panel stays with its mark while the page moves under it. */
  document.addEventListener("scroll", (event) => { if (panel.isConnected && !panel.contains(event.target)) place(); }, true);
  Atlas.onChange(() => hide(false));

  return { show, hide };
})();
