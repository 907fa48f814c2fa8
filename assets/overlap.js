/* The overlap page: its combinations and its matrix, drawn from what Python found and the counties the browser knows. */
"use strict";

(() => {
  const { data, counties, options, groups, numberOf } = Atlas;
  const SETS = [...groups.cluster, ...groups.energy];
  const FILTER = [...Object.keys(groups), "not", "cluster_op", "energy_op"];
  const EVERYONE = counties.filter(({ county }) => county).length;
  const PRESSED = { include: "true", exclude: "mixed", off: "false" };
  const state = { banded: "", order: "size", least: 1, by: "prefecture", down: false, all: "" };

  function made(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key.includes("-")) node.setAttribute(key, value);
      else node[key] = value;
    }
    node.append(...children);
    return node;
  }
  const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };
  const put = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };
  const hide = (node, away) => { if (node.hidden !== away) node.hidden = away; };
  const spoken = (...parts) => made("span", { className: "visually-hidden" }, ...parts);
  const amount = (n) => (Atlas.view.lang === "zh" ? `${n}${Atlas.text("units")}` : `${n} ${Atlas.text(n === 1 ? "unit_one" : "units")}`);
  const listed = (texts) => texts.join(Atlas.view.lang === "zh" ? "、" : ", ");
  const bandOf = (county) => county.band || data.unlisted;
  const rolesOf = (county) => [...county.clusters, ...county.energy];
  const share = (hit, all) => (hit === all ? String(all) : `${hit}/${all}`);
  const leftOf = (numbers, matched) => numbers.filter((number) => matched[number]).length;

  /* ---- one combination's filter -------------------------------------------------------------------------------------- */

  /* What a filter asks, as text: "any" and "all" of one option are the same. */
  const asked = (view) => FILTER.map((key) => (key.endsWith("_op") && view[key.slice(0, -3)].length < 2 ? "" : view[key])).join("&");
  const known = new Map();
  function askedBy(query) {
    if (!known.has(query)) known.set(query, asked(Atlas.read(query)));
    return known.get(query);
  }
  function hold(query) {
    if (asked(Atlas.view) === askedBy(query)) { Atlas.clear(); return; }
    const wanted = Atlas.read(query);
    Atlas.change(Object.fromEntries(FILTER.map((key) => [key, wanted[key]])));
  }

  /* ---- the heads of the sets: the same three states as the filter's chips ---------------------------------------------- */

  /* "500–1000亿元" may break after its dash and before its unit. */
  function broken(text) {
    return text.split(/(?<=–)|(?=亿元)/).flatMap((part, i) => (i ? [document.createElement("wbr"), part] : [part]));
  }
  function head(id) {
    const { mark, held, group } = options[id];
    const name = Atlas.optionName(id);
    const sign = group === "band"
      ? made("span", { className: "swatch", "data-class": id, "aria-hidden": "true" })
      : made("span", { className: "badge-mark", "data-role": id, "aria-hidden": "true", lang: "zh-CN" }, mark);
    return made("th", { scope: "col", className: `set-head of-${group}`, "data-name": name },
      made("button", { type: "button", title: name, "data-press": id, "aria-pressed": "false" }, sign, made("span", { className: "set-name" }, ...broken(name)), spoken(` ${amount(held.length)}`)));
  }
  const groupHead = (group) => made("th", { scope: "colgroup", className: `set-group of-${group}`, colSpan: groups[group].length }, Atlas.text(`overlap_${group}`));

  function showHeads(room, view, matched) {
    for (const button of room.querySelectorAll("[data-press]")) set(button, "aria-pressed", PRESSED[Atlas.stateOf(view, button.dataset.press)]);
    for (const cell of room.querySelectorAll("[data-size]")) {
      const { held } = options[cell.dataset.size];
      const hit = leftOf(held, matched);
      put(cell.firstChild, share(hit, held.length));
      cell.lastChild.style.setProperty("--hit", hit / held.length);
    }
  }

  /* ---- combinations ------------------------------------------------------------------------------------------------------ */

  function upsetTable(room, rows) {
    const shownGroups = state.banded ? ["band", "cluster", "energy"] : ["cluster", "energy"];
    const ids = shownGroups.flatMap((group) => groups[group]);
    const tallest = Math.max(...ids.map((id) => options[id].held.length));
    const sizes = ids.map((id) => {
      const bar = made("span", { className: "set-bar", "aria-hidden": "true" });
      bar.style.setProperty("--size", options[id].held.length / tallest);
      return made("td", { className: `set-size of-${options[id].group}`, "data-size": id }, made("span", {}), bar);
    });
    const heads = made("thead", {},
      made("tr", { className: "groups" }, ...shownGroups.map(groupHead), made("td", { colSpan: 3 })),
      made("tr", { className: "sizes" }, ...sizes, legend()),
      made("tr", { className: "heads" }, ...ids.map(head), ...["size", "squares", "names"].map((key) => made("th", { scope: "col", className: `head-${key}` }, Atlas.text(`overlap_${key}`)))));
    room.rows = rows.map((row) => upsetRow(row, ids));
    const table = made("table", { className: "upset", role: "grid" }, heads, made("tbody", {}));
    set(table, "aria-label", room.getAttribute("aria-label"));
    room.replaceChildren(table);
    room.style.setProperty("--most", Math.max(...rows.map((row) => row.counties.length)));
  }

  function legend() {
    const classes = groups.band.map((id) => made("span", {}, made("span", { className: "swatch", "data-class": id, "aria-hidden": "true" }), Atlas.optionName(id)));
    return made("td", { className: "band-legend", colSpan: 3 }, made("div", {}, ...classes));
  }

  function upsetRow({ sets, query, counties: adcodes, bands }, ids) {
    const roles = sets.filter((id) => SETS.includes(id));
    const places = roles.map((id) => ids.indexOf(id));
    const [first, last] = [Math.min(...places), Math.max(...places)];
    const cells = ids.map((id, i) => {
      const held = sets.includes(id);
      const cell = made("td", { className: `dot of-${options[id].group}` }, made("span", { className: held ? "is-held" : "", "aria-hidden": "true" }));
      if (options[id].group === "band" && held) cell.firstChild.dataset.class = id;
      if (first < last && i >= first && i <= last) cell.classList.add(i === first ? "joins-right" : i === last ? "joins-left" : "joins");
      if (held) cell.append(spoken(Atlas.text("overlap_has")));
      return cell;
    });
    const numbers = adcodes.map((adcode) => numberOf[adcode]);
    const by = Object.entries(bands).map(([id, n]) => `${Atlas.optionName(id)} ${n}`);
    const what = sets.length ? listed(sets.map(Atlas.optionName)) : Atlas.text("overlap_none");
    const count = made("span", { className: "row-count" });
    const hits = spoken();
    const press = made("button", { type: "button", title: what, "data-held": query, "aria-pressed": "false" }, spoken(`${what} `), count, spoken(` ${Atlas.text("units")} `), hits);
    const squares = [...numbers].sort((a, b) => groups.band.indexOf(bandOf(counties[a])) - groups.band.indexOf(bandOf(counties[b])) || a - b)
      .map((number) => made("span", { className: "square", title: `${Atlas.name(number)} ${Atlas.bandName(counties[number])}`, "data-class": bandOf(counties[number]), "data-number": number }));
    const links = numbers.map((number) => nameLink(number));
    if (!roles.length) links.unshift(made("span", { className: "no-role" }, Atlas.text("overlap_none")));
    const node = made("tr", {}, ...cells, made("th", { scope: "row", className: "row-size" }, press),
      made("td", { className: "squares" }, made("span", { className: "square-row", "aria-hidden": "true" }, ...squares), spoken(listed(by))),
      made("td", { className: "row-names" }, ...links));
    return { node, press, count, hits, squares, links, numbers, query, degree: roles.length };
  }

  function nameLink(number) {
    const path = `/county/${counties[number].adcode}`;
    return made("a", { href: path, className: "county-link", "data-page": path, "data-number": number }, Atlas.name(number));
  }

  const ORDERS = {
    size: () => 0, // as Python ordered them
    degree: (a, b) => b.degree - a.degree,
    fewest: (a, b) => a.degree - b.degree,
  };

  function fillUpset(room, view, matched) {
    const shape = `${state.banded} ${view.lang}`;
    if (room.made !== shape) {
      room.given ||= JSON.parse(room.dataset.upset);
      upsetTable(room, room.given[state.banded ? "banded" : "plain"]);
      room.made = shape;
      room.laid = "";
    }
    const laid = `${state.order} ${state.least}`;
    if (room.laid !== laid) {
      room.laid = laid;
      room.shown = room.rows.filter(({ numbers }) => numbers.length >= state.least).sort(ORDERS[state.order]);
      room.querySelector("tbody").replaceChildren(...room.shown.map(({ node }) => node));
    }
    const now = asked(view);
    for (const row of room.rows) {
      const hit = leftOf(row.numbers, matched);
      put(row.count, share(hit, row.numbers.length));
      put(row.hits, hit === row.numbers.length ? "" : Atlas.text("overlap_matching", { n: hit }));
      const isAsked = askedBy(row.query) === now;
      set(row.press, "aria-pressed", String(isAsked));
      row.node.classList.toggle("is-asked", isAsked);
      row.node.classList.toggle("is-away", hit === 0);
      for (const one of [...row.squares, ...row.links]) if (one.dataset.number) one.classList.toggle("is-out", !matched[one.dataset.number]);
    }
    showHeads(room, view, matched);
    const section = room.closest("section");
    const n = room.shown.reduce((sum, { numbers }) => sum + numbers.length, 0);
    const hit = room.shown.filter(({ numbers }) => leftOf(numbers, matched)).length;
    put(section.querySelector(".upset-shown"), Atlas.text("overlap_shown", { rows: room.shown.length, n })
      + (Atlas.count(matched) < EVERYONE ? Atlas.text("overlap_hit", { hit }) : ""));
    for (const button of section.querySelectorAll('[data-overlap*="="]')) {
      const [key, value] = button.dataset.overlap.split("=");
      set(button, "aria-pressed", String(state[key] === value));
    }
    section.querySelector("#upset-least").value = String(state.least);
    hide(section.querySelector(".overlap-clear"), now === asked(Atlas.read("")));
    for (const button of section.closest(".overlap").querySelectorAll(".overlap-findings [data-held]")) set(button, "aria-pressed", String(askedBy(button.dataset.held) === now));
    rove(room);
  }

  /* ---- matrix --------------------------------------------------------------------------------------------------------------- */

  const SORTS = {
    county: (a, b) => counties[a].seek.localeCompare(counties[b].seek),
    prefecture: () => 0,
    band: (a, b) => groups.band.indexOf(bandOf(counties[a])) - groups.band.indexOf(bandOf(counties[b])),
    roles: (a, b) => rolesOf(counties[a]).length - rolesOf(counties[b]).length,
  };
  /* Rows of one kind stand together: a line where the next kind begins. */
  const KIND = {
    county: () => "",
    prefecture: (county) => county.prefecture,
    band: bandOf,
    roles: (county) => rolesOf(county).length,
  };

  function matrixTable(room) {
    const sorters = Object.keys(SORTS).map((key) => made("th", { scope: "col", className: `head-${key}`, "data-name": Atlas.text(`overlap_${key}`) },
      made("button", { type: "button", "data-sort": key }, Atlas.text(`overlap_${key}`), made("span", { className: "sort-mark", "aria-hidden": "true" }))));
    room.rows = counties.map((county, number) => (county.county ? matrixRow(county, number) : null)).filter(Boolean);
    const table = made("table", { className: "matrix", role: "grid" },
      made("thead", {},
        made("tr", { className: "groups" }, made("td", { colSpan: sorters.length }), groupHead("cluster"), groupHead("energy")),
        made("tr", { className: "heads" }, ...sorters, ...SETS.map(head))),
      made("tbody", {}));
    set(table, "aria-label", room.getAttribute("aria-label"));
    room.replaceChildren(table);
  }

  function matrixRow(county, number) {
    const roles = rolesOf(county);
    const cells = SETS.map((id) => {
      const cell = made("td", { className: `mark of-${options[id].group}` });
      if (!roles.includes(id)) return cell;
      const dot = made("button", { type: "button", className: "badge-mark", "data-role": id, "data-where": county.adcode, "aria-haspopup": "dialog", title: Atlas.optionName(id) },
        made("span", { lang: "zh-CN", "aria-hidden": "true" }, options[id].mark));
      set(dot, "aria-label", listed([Atlas.name(number), Atlas.optionName(id)]));
      cell.append(dot);
      return cell;
    });
    const node = made("tr", {},
      made("th", { scope: "row", className: "cell-name" }, nameLink(number)),
      made("td", { className: "cell-prefecture" }, Atlas.optionName(county.prefecture)),
      made("td", { className: "cell-band" }, made("span", { className: "swatch", "data-class": bandOf(county), "aria-hidden": "true" }), Atlas.optionName(bandOf(county))),
      made("td", { className: "cell-roles" }, String(roles.length)), ...cells);
    return { node, number };
  }

  function fillMatrix(room, view, matched) {
    if (room.made !== view.lang) {
      room.given ||= JSON.parse(room.dataset.matrix);
      matrixTable(room);
      room.made = view.lang;
      room.laid = "";
    }
    const laid = `${state.by} ${state.down}`;
    if (room.laid !== laid) {
      room.laid = laid;
      const way = state.down ? -1 : 1;
      const byCode = state.by === "prefecture" ? way : 1;
      room.rows.sort((a, b) => way * SORTS[state.by](a.number, b.number) || byCode * (a.number - b.number));
      room.querySelector("tbody").replaceChildren(...room.rows.map(({ node }) => node));
      for (const button of room.querySelectorAll("[data-sort]")) {
        const chosen = button.dataset.sort === state.by;
        button.closest("th").toggleAttribute("aria-sort", false);
        if (chosen) set(button.closest("th"), "aria-sort", state.down ? "descending" : "ascending");
        put(button.lastChild, chosen ? (state.down ? " ↓" : " ↑") : "");
      }
    }
    let kind = null;
    let listedRows = 0;
    for (const { node, number } of room.rows) {
      const away = !matched[number] && !state.all;
      hide(node, away);
      node.classList.toggle("is-away", !matched[number]);
      if (away) continue;
      const next = KIND[state.by](counties[number]);
      node.classList.toggle("starts", kind !== null && next !== kind);
      kind = next;
      listedRows += 1;
    }
    showHeads(room, view, matched);
    const section = room.closest("section");
    const hit = Atlas.count(matched);
    put(section.querySelector(".matrix-shown"), Atlas.text("overlap_listed", { n: listedRows }) + (hit < EVERYONE ? Atlas.text("overlap_listed_hit", { hit }) : ""));
    const every = section.querySelector(".matrix-all");
    hide(every, hit === EVERYONE);
    set(every, "aria-pressed", String(state.all === "1"));
    rove(room);
  }

  /* Where a mark of the matrix stands: the set's lines, or the county's own where the print has another name. */
  function where(dot) {
    const { sets, counties: special } = dot.closest("[data-matrix]").given;
    const { role: id, where: adcode } = dot.dataset;
    const said = special[id]?.[adcode] || sets[id];
    Atlas.provenance.show(dot, { ...said, title: `${Atlas.name(numberOf[adcode])} · ${said.title}` });
  }

  /* ---- by keyboard: each table is one Tab stop, the arrows move in it ----------------------------------------------------------- */

  const stopsIn = (row) => [...row.querySelectorAll("a, button")];
  const rowsOf = (room) => [...room.querySelectorAll("tr:not([hidden])")].filter((row) => row.querySelector("a, button"));

  function rove(room) {
    const stops = stopsIn(room);
    let chosen = stops.find((one) => one === room.stop && !one.closest("[hidden]"));
    chosen ||= room.querySelector("tbody tr:not([hidden]) :is(a, button)") || stops[0];
    room.stop = chosen;
    for (const one of stops) if (one.tabIndex !== (one === chosen ? 0 : -1)) one.tabIndex = one === chosen ? 0 : -1;
  }
  function stopAt(room, stop) {
    if (room.stop) room.stop.tabIndex = -1;
    room.stop = stop;
    stop.tabIndex = 0;
  }
  const middle = (node) => { const box = node.getBoundingClientRect(); return box.left + box.width / 2; };
  function arrow(event) {
    const room = event.target.closest?.(".overlap-room");
    if (!room || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = event.target.closest("tr");
    if (!row) return;
    const inRow = stopsIn(row);
    const rows = rowsOf(room);
    const beside = (steps) => inRow[inRow.indexOf(event.target) + steps];
    const across = (at) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, at))];
      return next === row ? null : stopsIn(next).reduce((a, b) => (Math.abs(middle(b) - middle(event.target)) < Math.abs(middle(a) - middle(event.target)) ? b : a));
    };
    const at = rows.indexOf(row);
    const MOVES = {
      ArrowLeft: () => beside(-1), ArrowRight: () => beside(1), Home: () => inRow[0], End: () => inRow[inRow.length - 1],
      ArrowUp: () => across(at - 1), ArrowDown: () => across(at + 1), PageUp: () => across(at - 10), PageDown: () => across(at + 10),
    };
    if (!MOVES[event.key]) return;
    event.preventDefault();
    const stop = MOVES[event.key]();
    if (!stop) return;
    stopAt(room, stop);
    stop.focus();
  }

  /* ---- presses ------------------------------------------------------------------------------------------------------------------- */

  const again = () => {
    for (const room of document.querySelectorAll(".upset-room")) fillUpset(room, Atlas.view, Atlas.matched);
    for (const room of document.querySelectorAll(".matrix-room")) fillMatrix(room, Atlas.view, Atlas.matched);
  };
  const choose = (patch) => { Object.assign(state, patch); again(); };

  document.addEventListener("click", (event) => {
    const page = event.target.closest?.(".overlap");
    if (!page) return;
    const target = event.target.closest("a, button, summary");
    const { press, held, where: place, sort, overlap } = target?.dataset || {};
    if (target?.closest(".overlap-room")) stopAt(target.closest(".overlap-room"), target);
    if (press) Atlas.press(press);
    else if (held) hold(held);
    else if (place) where(target);
    else if (sort) choose({ by: sort, down: state.by === sort ? !state.down : sort === "roles" });
    else if (overlap) {
      const [key, value] = overlap.split("=");
      choose({ [key]: key === "all" && state.all ? "" : value });
    } else if (!target) {
      const row = event.target.closest(".upset tbody tr");
      if (row && getSelection().isCollapsed) hold(row.querySelector("[data-held]").dataset.held);
    }
  });
  document.addEventListener("change", (event) => { if (event.target.id === "upset-least") choose({ least: Number(event.target.value) }); });
  document.addEventListener("keydown", arrow);

  Atlas.sheets.addMaker(".upset-room", fillUpset);
  Atlas.sheets.addMaker(".matrix-room", fillMatrix);
  again(); // the page that came with the first answer
})();
