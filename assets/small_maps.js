/* The small maps of the pages: where a county lies in the province, and one prefecture large, for its turn at a meeting.

   <div class="small-map" data-map="province" data-picked="620922"> shows the county, and its prefecture, in the province.
   <div class="small-map" data-map="620900" data-picked="620922" data-layer="band" data-labels="1" data-legend="1"> shows a
   prefecture with its counties as links; without data-layer it follows the view's layer; data-said-of is a second line
   under the names of some. Drawn without any request. */
"use strict";

Atlas.smallMaps = (() => {
  const { data, counties, options, groups, layers, numberOf } = Atlas;
  const { textWidth, overlaps } = Atlas.map;
  const SVG = "http://www.w3.org/2000/svg";
  const { width, height } = data.frame;
  const scale = data.coarse_scale;
  const TINY = 420; // map units: below this a district would not be seen in the province, and gets a circle
  const MARGIN = 0.06; // of the prefecture's box
  const NAMES = 28 / 24; // of the least type of a stage: a county's name is read from the back row
  const states = new WeakMap(); // a map's node → what is drawn in it
  let made = 0;

  function element(tag, attributes = {}, parent = null, text = null) {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== null) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }
  function group(svg, kind, numbers, outlines) {
    const one = element("g", { class: kind }, svg);
    for (const number of numbers) element("path", { d: outlines[number] }, one);
  }
  const size = ([x0, y0, x1, y1]) => Math.max(x1 - x0, y1 - y0);
  const inside = (code) => counties.flatMap((county, number) => (county.prefecture === code ? [number] : []));

  /* ---- where it lies in the province ------------------------------------------------------------------------------ */

  function locator(node) {
    const picked = numberOf[node.dataset.picked];
    const code = picked === undefined ? node.dataset.prefecture : counties[picked].prefecture;
    const place = picked === undefined ? Atlas.optionName(code) : Atlas.name(picked);
    const svg = element("svg", {
      viewBox: `0 0 ${width / scale} ${height / scale}`, role: "img", class: "small-province",
      "aria-label": Atlas.text("small_where", { name: place, prefecture: Atlas.optionName(code) }),
    });
    const mine = inside(code);
    const others = counties.map((_, number) => number).filter((number) => !mine.includes(number));
    const draw = (kind, numbers) => group(svg, kind, numbers, data.coarse);
    draw("small-land", others);
    draw("small-edge", mine); // a broad line under the shapes: what stays of it is their common outline
    draw("small-own", mine);
    if (picked !== undefined) {
      draw("small-here", [picked]);
      const { box, label } = counties[picked];
      if (size(box) < TINY) element("circle", { class: "small-circle", cx: label[0] / scale, cy: label[1] / scale, r: 26 }, svg);
    } else if (size(data.prefecture_box[code]) < 2 * TINY) {
      const [x0, y0, x1, y1] = data.prefecture_box[code];
      element("circle", { class: "small-circle", cx: (x0 + x1) / 2 / scale, cy: (y0 + y1) / 2 / scale, r: 40 }, svg);
    }
    node.replaceChildren(svg);
  }

  /* ---- one prefecture ----------------------------------------------------------------------------------------------- */

  /* The part of the map to show: the prefecture's box with a margin, widened to the room's own proportions. */
  function frameOf(code, room) {
    let [x0, y0, x1, y1] = data.prefecture_box[code];
    const margin = size([x0, y0, x1, y1]) * MARGIN;
    [x0, y0, x1, y1] = [x0 - margin, y0 - margin, x1 + margin, y1 + margin];
    const aspect = room.clientWidth / room.clientHeight;
    const wide = Math.max(x1 - x0, (y1 - y0) * aspect), tall = wide / aspect;
    return [(x0 + x1 - wide) / 2, (y0 + y1 - tall) / 2, wide, tall].map(Math.round);
  }

  /* The main map's hatches, as wide on this screen as there: patterns count in map units, and this map is nearer. */
  function hatches(svg, unit) {
    const id = (made += 1);
    const defs = element("defs", {}, svg);
    const times = (unit * 9) / 90; // a hatch of 9 px
    for (const pattern of document.querySelectorAll("#county-map pattern")) {
      const copy = pattern.cloneNode(true);
      copy.id = `small-${id}-${pattern.id}`;
      copy.setAttribute("patternTransform", `scale(${times}) ${pattern.getAttribute("patternTransform") || ""}`.trim());
      defs.append(copy);
      svg.style.setProperty(`--${pattern.id}`, `url("#${copy.id}")`);
    }
  }

  /* The map's room, made once; its size decides how much is shown. Under it the legend. */
  function roomOf(node) {
    if (node.firstElementChild) return node.firstElementChild;
    const room = node.appendChild(document.createElement("div"));
    room.className = "small-room";
    if (node.dataset.legend) node.appendChild(document.createElement("ul")).className = "small-legend";
    watcher.observe(room);
    return room;
  }

  function prefecture(node, code) {
    const mine = inside(code);
    const picked = numberOf[node.dataset.picked];
    const room = roomOf(node);
    const [x, y, wide, tall] = frameOf(code, room);
    const unit = wide / room.clientWidth;
    const isOne = mine.length === 1 && !counties[mine[0]].county;
    const svg = element("svg", { viewBox: [x, y, wide, tall].join(" "), role: isOne ? "img" : "group", "aria-label": Atlas.text("small_map", { name: Atlas.optionName(code) }) });
    hatches(svg, unit);
    const near = element("g", { class: "small-near", "aria-hidden": "true" }, svg);
    const away = (box) => box[0] > x + wide || box[2] < x || box[1] > y + tall || box[3] < y;
    counties.forEach((county, number) => {
      if (county.prefecture !== code && !away(county.box)) element("path", { d: Atlas.map.outlines[number] }, near);
    });
    group(svg, "small-edge", mine, Atlas.map.outlines);
    const shapes = new Map();
    for (const number of mine) {
      const county = counties[number];
      const path = `/county/${county.adcode}`;
      const link = isOne ? svg : element("a", { href: path, "data-page": path, "data-for": county.adcode }, svg);
      const shape = element("path", { class: "copy", d: Atlas.map.outlines[number], "data-match": 1 }, link);
      shapes.set(number, { link, shape, title: isOne ? null : element("title", {}, link) });
    }
    if (mine.includes(picked)) element("path", { class: "small-ring", d: Atlas.map.outlines[picked] }, svg);
    const labels = element("g", { class: "small-labels", "aria-hidden": "true" }, svg);
    room.replaceChildren(svg);
    return { mine, shapes, labels: node.dataset.labels ? labels : null, legend: room.nextElementSibling, frame: [x, y, wide, tall], unit, saidOf: JSON.parse(node.dataset.saidOf || "{}") };
  }

  /* The year in which its road opened, as far as the store knows; null where no record was found. */
  const opened = (county) => (Atlas.standing.roads ? Atlas.standing.roads[county.adcode] ?? null : county.opened);
  function roadText(county, view) {
    if (!county.road) return Atlas.text("legend_road_none");
    const year = opened(county);
    const state = year ? `${Atlas.text("road_year", { y: year })}${view.lang === "zh" ? "" : " "}${Atlas.text("road_opened")}` : Atlas.text("road_unknown");
    return `${Atlas.optionName(county.road)} · ${state}`;
  }

  /* The options of the layer that a county holds, where its classes count them. */
  const rolesOf = (county, view) => county[layers[view.layer].counts] ?? [];

  /* What the layer says of a county, for its link's name. */
  const TOLD = {
    "": () => "",
    road: (number, view) => roadText(counties[number], view),
    people: (number) => Atlas.people(counties[number].people),
    state: (number, view) => {
      const state = layers[Atlas.view.layer].store ? "" : Atlas.stateName(data.classes.progress[number]); // else named already
      return [state, Atlas.standing.said[number]].filter(Boolean).join(view.lang === "zh" ? "、" : ", ");
    },
    class: (number, view) => {
      const { counts } = layers[view.layer];
      if (counts) return rolesOf(counties[number], view).map(Atlas.optionName).join(view.lang === "zh" ? "、" : ", ") || Atlas.text("legend_held_0");
      const id = Atlas.classes(view)[number];
      return Atlas.legend(view).find((row) => row.id === id)?.[view.lang] ?? "";
    },
  };
  const said = (number, view) => (counties[number].county ? TOLD[layers[view.layer].told](number, view) : "");

  function paint(state, view) {
    const classes = Atlas.classes(view);
    for (const [number, { link, shape, title }] of state.shapes) {
      shape.dataset.class = classes[number];
      if (counties[number].road && !opened(counties[number])) shape.dataset.road = "unknown";
      else delete shape.dataset.road;
      if (!title) continue;
      const name = [Atlas.accessibleName(number), said(number, view)].filter(Boolean).join(view.lang === "zh" ? "；" : "; ");
      link.setAttribute("aria-label", name);
      title.textContent = name;
    }
    if (state.labels) label(state, view, classes);
    if (state.legend) legend(state, view, classes);
  }

  /* A name stands in its county where it fits; else beside it with a line to it, as near as there is room. */
  function label(state, view, classes) {
    const [x0, y0, wide, tall] = state.frame;
    const { unit } = state;
    const pixels = wide / unit;
    const size = Math.max(NAMES * (Atlas.leastType || 0), Math.min(22, Math.max(14, pixels / 38)) * (view.lang === "en" ? 0.86 : 1)) * unit;
    const taken = [];
    const nodes = [];
    const dots = new Map(state.mine.map((number) => {
      const [x, y] = counties[number].label;
      return [number, [x - 3 * unit, y - 3 * unit, x + 3 * unit, y + 3 * unit]];
    }));
    const order = [...state.mine].sort((a, b) => counties[b].label[2] - counties[a].label[2]);
    for (const number of order) {
      const county = counties[number];
      const [x, y, radius] = county.label;
      const name = Atlas.name(number);
      const roles = rolesOf(county, view);
      const more = state.saidOf[county.adcode];
      const half = Math.max(textWidth(name, size), more ? textWidth(more, size) : 0, roles.length * size * 1.1) / 2 + 2 * unit;
      const tallness = (roles.length || more ? size * 2.3 : size * 1.2) / 2;
      const boxAt = (cx, cy) => [cx - half, cy - tallness, cx + half, cy + tallness];
      const free = (box, own) => box[0] > x0 && box[1] > y0 && box[2] < x0 + wide && box[3] < y0 + tall &&
        !taken.some((other) => overlaps(box, other)) && ![...dots].some(([other, dot]) => other !== number && !own && overlaps(box, dot));
      let at = null;
      if (half < radius * 2.1 && free(boxAt(x, y), true)) at = [x, y];
      for (let ring = 1; !at && ring <= 7; ring += 1) {
        for (let turn = 0; !at && turn < 16; turn += 1) {
          const angle = (turn * Math.PI) / 8;
          const cx = x + Math.cos(angle) * (half + ring * size * 0.9), cy = y + Math.sin(angle) * (tallness + ring * size * 0.9);
          if (free(boxAt(cx, cy), false)) at = [cx, cy];
        }
      }
      if (!at) continue;
      taken.push(boxAt(...at));
      const beside = at[0] !== x || at[1] !== y;
      if (beside) {
        const end = [Math.min(at[0] + half, Math.max(at[0] - half, x)), Math.min(at[1] + tallness, Math.max(at[1] - tallness, y))];
        nodes.push(element("path", { class: "small-leader", d: `M${x} ${y}L${end[0]} ${end[1]}` }), element("circle", { class: "small-dot", cx: x, cy: y, r: 3 * unit }));
      }
      const group = element("g", { class: "label", "data-match": beside ? 0 : 1, "data-class": classes[number], "font-size": size });
      if (beside) {
        group.classList.add("is-beside");
        element("rect", { x: at[0] - half, y: at[1] - tallness, width: 2 * half, height: 2 * tallness, rx: 3 * unit }, group);
      }
      if (county.road && !opened(county)) group.dataset.road = "unknown";
      const baseline = roles.length || more ? at[1] - tallness + size * 0.9 : at[1] + size * 0.36;
      element("text", { class: "name", x: at[0], y: baseline }, group, name);
      if (more) element("text", { class: "said-of", x: at[0], y: baseline + size * 1.1 }, group, more);
      if (roles.length) {
        const marks = element("text", { class: "role-marks", x: at[0], y: baseline + size * 1.1 }, group);
        for (const id of roles) element("tspan", { class: "mark", "data-role": id }, marks, options[id].mark);
      }
      nodes.push(group);
    }
    state.labels.replaceChildren(...nodes);
  }

  function legend(state, view, classes) {
    const node = (tag, attributes, ...children) => {
      const one = document.createElement(tag);
      for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
      one.append(...children);
      return one;
    };
    const amount = (test) => state.mine.filter(test).length;
    const layer = layers[view.layer];
    const items = Atlas.legend(view).map((row) => ({ ...row, n: amount((number) => classes[number] === row.id) })).filter(({ n }) => n);
    const unit = layer.unit[view.lang];
    const rows = items.map(({ id, label, n }) => node("li", {}, Atlas.swatch(id, view), `${label}${unit ? ` ${unit}` : ""} `, node("strong", {}, String(n))));
    if (layer.counts) {
      for (const id of groups[layer.group]) {
        const n = amount((number) => rolesOf(counties[number], view).includes(id));
        if (n) rows.push(node("li", {}, node("span", { class: "badge-mark", "data-role": id, "aria-hidden": "true" }, options[id].mark), ` ${Atlas.optionName(id)} `, node("strong", {}, String(n))));
      }
    }
    if (items.some(({ outside }) => !outside)) {
      for (const note of layer.notes) rows.push(node("li", { class: "quiet" }, Atlas.swatch(note.class, { layer: view.layer, unopened: note.unopened }), note[view.lang]));
    }
    if (state.mine.some((number) => !counties[number].county)) rows.push(node("li", {}, Atlas.swatch("na", view), Atlas.text("legend_na")));
    state.legend.replaceChildren(...rows);
    state.legend.setAttribute("aria-label", Atlas.text("legend"));
  }

  /* ---- one map, drawn once for its size and language, painted anew for a layer ---------------------------------------- */

  const watcher = new ResizeObserver((entries) => { for (const { target } of entries) if (target.isConnected) fill(target.parentElement, Atlas.view); });

  function fill(node, view) {
    const code = node.dataset.map;
    const room = code === "province" ? null : roomOf(node);
    const drawn = [code, node.dataset.picked, node.dataset.prefecture, view.lang, room?.clientWidth, room?.clientHeight].join();
    let state = states.get(node);
    if (state?.drawn !== drawn) {
      if (room && !(data.prefecture_box[code] && room.clientWidth)) return;
      state = { ...(room ? prefecture(node, code) : locator(node)), drawn, painted: "" };
      states.set(node, state);
    }
    if (!room) return;
    /* All its counties, whatever the filter: a prefecture's turn is about every one of them. */
    const mine = { ...view, layer: node.dataset.layer || view.layer, cluster: [], energy: [] };
    const painted = `${mine.layer} ${layers[mine.layer].store ? [...data.classes[mine.layer], ...Atlas.standing.said].join() : ""} ${JSON.stringify(Atlas.standing.roads)}`;
    if (state.painted === painted) return;
    state.painted = painted;
    paint(state, mine);
  }

  /* The buttons of a page that is kept stay as they were pressed when it was last seen. */
  function press(button, view) {
    const pressed = String(button.dataset.choice === `layer=${view.layer}`);
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }

  /* ---- the prefecture page's ways out ---------------------------------------------------------------------------------- */

  document.addEventListener("change", ({ target }) => {
    if (target.id !== "turn-choice") return;
    const { value } = target;
    for (const option of target.options) if (option.defaultSelected) target.value = option.value; // the page is kept, and stays this one's
    Atlas.go(`/prefecture/${value}`);
  });
  document.addEventListener("click", (event) => {
    const code = event.target.closest?.("[data-turn-map]")?.dataset.turnMap;
    if (!code || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const empty = Object.fromEntries([...Object.keys(groups), "not"].map((group) => [group, []]));
    Atlas.go("/");
    Atlas.change({ ...empty, prefecture: [code] }, { push: false });
    Atlas.map.zoomToPrefecture(code);
  });

  Atlas.sheets.addMaker(".small-map", fill);
  Atlas.sheets.addMaker("[data-choice^='layer=']", press);
  for (const node of document.querySelectorAll("#first-sheet .small-map")) fill(node, Atlas.view);
  return { fill };
})();
