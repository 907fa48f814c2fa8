/* The painter: sets only what differs on the county map, and handles hover, focus, arrow keys, zoom and map forms. */
"use strict";

Atlas.map = (() => {
  const { data, counties, options, groups, layers, numberOf } = Atlas;
  const { width, height } = data.frame;
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.getElementById("county-map");
  const root = document.getElementById("zoom");
  const paths = counties.map((county) => document.getElementById(`c${county.adcode}`));
  const outlines = paths.map((path) => path.getAttribute("d"));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const GLIDE = 250; // ms
  const copies = counties.map((county) => svg.querySelector(`.copy[data-for="${county.adcode}"]`)); // in the inset
  const painted = paths.map((path) => [path.dataset.match, path.dataset.class]);
  let transform = d3.zoomIdentity;
  let form = "true";
  let focused = 0;

  function byId(id) { return document.getElementById(id); }
  function element(tag, attributes = {}, parent = null, text = null) {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== null) node.textContent = text;
    if (parent) parent.append(node);
    return node;
  }

  /* ---- colours ---------------------------------------------------------------------------------------------- */

  function paint(view, matched) {
    const classes = Atlas.classes(view);
    if (svg.dataset.layer !== view.layer) svg.dataset.layer = view.layer;
    for (let number = 0; number < paths.length; number += 1) {
      const match = matched[number] ? "1" : "0";
      const before = painted[number];
      if (before[0] === match && before[1] === classes[number]) continue;
      before[0] = match;
      before[1] = classes[number];
      for (const path of [paths[number], copies[number]]) {
        path?.setAttribute("data-match", match);
        path?.setAttribute("data-class", classes[number]);
      }
    }
  }

  /* Counties that a scene of a meeting points at. */
  function highlight(adcodes) {
    byId("highlight").replaceChildren(...adcodes.map((adcode) => element("path", { d: paths[numberOf[adcode]].getAttribute("d") })));
  }

  function ring(id, number) {
    const d = number === null ? "" : paths[number].getAttribute("d");
    if (byId(id).getAttribute("d") !== d) byId(id).setAttribute("d", d);
  }

  /* ---- map forms: true map, equal tiles ---------------------------------------------------------------------- */

  const columns = 1 + Math.max(...counties.map((county) => county.tile[0]));
  const rows = 1 + Math.max(...counties.map((county) => county.tile[1]));
  const cell = Math.floor(Math.min((width - 200) / columns, (height - 200) / rows));
  const tileX = (column) => Math.round((width - columns * cell) / 2 + column * cell);
  const tileY = (row) => Math.round((height - rows * cell) / 2 + row * cell);
  const GAP = Math.round(cell * 0.035);
  const square = (county) =>
    `M${tileX(county.tile[0]) + GAP} ${tileY(county.tile[1]) + GAP}h${cell - 2 * GAP}v${cell - 2 * GAP}h${2 * GAP - cell}z`;

  function tileBorders() {
    const at = new Map(counties.map((county) => [county.tile.join(), county.prefecture]));
    const parts = [];
    for (const { tile: [column, row], prefecture } of counties) {
      const x = tileX(column), y = tileY(row);
      const edges = [[0, -1, `M${x} ${y}h${cell}`], [1, 0, `M${x + cell} ${y}v${cell}`],
        [0, 1, `M${x} ${y + cell}h${cell}`], [-1, 0, `M${x} ${y}v${cell}`]];
      for (const [dx, dy, line] of edges) if (at.get([column + dx, row + dy].join()) !== prefecture) parts.push(line);
    }
    return parts.join("");
  }

  /* The outer ring of a county's largest part, as POINTS points at even spacing from its top-left corner on. */
  const POINTS = 40;
  const rings = new Map();
  function sampled(number) {
    if (rings.has(number)) return rings.get(number);
    let best = null;
    let pen = [0, 0];
    for (const part of outlines[number].split("z")) {
      const steps = (part.match(/-?\d+/g) || []).map(Number);
      if (steps.length < 6) continue;
      let [x, y] = pen;
      const points = [];
      for (let i = 0; i < steps.length; i += 2) points.push([(x += steps[i]), (y += steps[i + 1])]);
      pen = points[0];
      const area = signedArea(points);
      if (!best || Math.abs(area) > Math.abs(best.area)) best = { area, points: area < 0 ? points.reverse() : points };
    }
    const { points } = best;
    const lengths = points.map((point, i) => Math.hypot(point[0] - points[(i + 1) % points.length][0], point[1] - points[(i + 1) % points.length][1]));
    const total = lengths.reduce((sum, one) => sum + one, 0);
    const corner = points.reduce((found, point, i) => (point[0] + point[1] < points[found][0] + points[found][1] ? i : found), 0);
    const even = [];
    let edge = corner, along = 0, walked = 0;
    for (let step = 0; step < POINTS; step += 1) {
      const target = (total * step) / POINTS;
      while (walked + lengths[edge] < target) { walked += lengths[edge]; edge = (edge + 1) % points.length; }
      along = lengths[edge] ? (target - walked) / lengths[edge] : 0;
      const a = points[edge], b = points[(edge + 1) % points.length];
      even.push([a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along]);
    }
    rings.set(number, even);
    return even;
  }
  function signedArea(points) {
    return points.reduce((sum, [x, y], i) => {
      const [u, v] = points[(i + 1) % points.length];
      return sum + x * v - u * y;
    }, 0);
  }
  function squarePoints(county) {
    const x = tileX(county.tile[0]) + GAP, y = tileY(county.tile[1]) + GAP, side = cell - 2 * GAP;
    return Array.from({ length: POINTS }, (_, i) => {
      const t = (4 * i) / POINTS, part = t % 1;
      return [[x + side * part, y], [x + side, y + side * part], [x + side * (1 - part), y + side], [x, y + side * (1 - part)]][Math.floor(t)];
    });
  }

  let gliding = 0;
  function setForm(next) {
    if (next === form) return;
    form = next;
    svg.dataset.form = next;
    document.documentElement.classList.toggle("in-tiles", next === "tile");
    const tiles = next === "tile";
    const settle = () => {
      paths.forEach((path, number) => path.setAttribute("d", tiles ? square(counties[number]) : outlines[number]));
      byId("tile-borders").setAttribute("d", tiles ? tileBorders() : "");
      svg.classList.remove("is-gliding");
      ring("picked-ring", pickedNumber());
      placeLabels();
    };
    cancelAnimationFrame(gliding);
    resetZoom(0);
    if (calm.matches || svg.hasAttribute("hidden")) { settle(); return; }
    const pairs = counties.map((county, number) => {
      const both = [sampled(number), squarePoints(county)];
      return tiles ? both : both.reverse();
    });
    ring("hover-ring", null);
    svg.classList.add("is-gliding");
    const start = performance.now();
    const step = (now) => {
      const t = Math.min(1, Math.max(0, now - start) / GLIDE);
      if (t === 1) { settle(); return; }
      const ease = t * t * (3 - 2 * t);
      paths.forEach((path, number) => {
        const [from, to] = pairs[number];
        path.setAttribute("d", `M${from.map(([x, y], i) => `${(x + (to[i][0] - x) * ease) | 0} ${(y + (to[i][1] - y) * ease) | 0}`).join("L")}z`);
      });
      gliding = requestAnimationFrame(step);
    };
    gliding = requestAnimationFrame(step);
  }

  /* Centre and free radius of a county's label, in the present form. */
  function place(number) {
    const county = counties[number];
    if (form !== "tile") return county.label;
    return [tileX(county.tile[0]) + cell / 2, tileY(county.tile[1]) + cell / 2, cell / 2];
  }

  /* ---- labels and marks ---------------------------------------------------------------------------------------- */

  const set = (node, attributes) => { for (const key in attributes) node.setAttribute(key, attributes[key]); };
  const labels = counties.map((county) => {
    const group = element("g", { class: "label" });
    return { group, name: element("text", { class: "name" }, group), marks: element("text", { class: "role-marks" }, group), key: "" };
  });
  /* What became of the roads may come anew from the store. */
  function paintRoads() {
    counties.forEach((county, number) => {
      if (!county.road) return;
      const road = county.roadless ? "unknown" : "opened";
      for (const node of [paths[number], copies[number], labels[number].group]) if (node && node.dataset.road !== road) node.dataset.road = road;
    });
  }
  paintRoads();
  /* The map's size is kept, not asked for: to ask after a change of colour would make the browser lay out the page. */
  let room = { width: svg.clientWidth, height: svg.clientHeight };
  const unitsPerPixel = () => Math.max(width / (room.width || 1), height / (room.height || 1));
  const leastType = () => Atlas.leastType || 0; // px; a meeting is read from the back row
  const textWidth = (text, size) =>
    [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? 1 : letter === " " ? 0.3 : 0.56), 0) * size;
  const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  /* 瓜州县 → 瓜州 where the full short name does not fit; kept where that would be one character or ambiguous. */
  const stems = counties.map(({ zh }) => zh.slice(0, -1));
  const shortNames = counties.map(({ zh }, number) =>
    (stems[number].length > 1 && stems.indexOf(stems[number]) === stems.lastIndexOf(stems[number]) ? stems[number] : zh));
  const shortened = (number) => (Atlas.view.lang === "en" ? counties[number].en : shortNames[number]);

  function rolesOf(number) {
    const { counts, group } = layers[Atlas.view.layer];
    if (!counts || !Atlas.matched[number]) return [];
    const wanted = Atlas.view[group];
    if (leastType() && wanted.length === 1) return []; // the colour says it, and the room goes to names
    return counties[number][counts].filter((id) => !wanted.length || wanted.includes(id));
  }

  /* On a stage that shows a choice of counties, only those have names, and wider than they are. */
  const isChoice = () => leastType() > 0 && Atlas.count(Atlas.matched) < counties.length - 1;

  function placeLabels() {
    const view = Atlas.view;
    const choice = isChoice();
    if (svg.hasAttribute("hidden") || !room.width) return;
    const pixel = unitsPerPixel() / transform.k;
    const least = leastType(); // what would be smaller is left out
    const base = Math.max(least, Math.min(15, Math.max(11, room.width / 95)));
    const size = Math.max(least, form === "tile" ? Math.min(base, (cell / unitsPerPixel() / (view.lang === "zh" ? 3.4 : 5)) * transform.k) : base) * pixel;
    const markSize = Math.max(size * 0.95, least * pixel);
    const picked = pickedNumber();
    const order = counties.map((_, number) => number).sort((a, b) =>
      (b === picked) - (a === picked) || Atlas.matched[b] - Atlas.matched[a] || place(b)[2] - place(a)[2]);
    const taken = [];
    for (const number of order) {
      const [x, y, free] = place(number);
      const radius = choice ? (Atlas.matched[number] || number === picked ? 3 * free : 0) : free;
      const roles = rolesOf(number);
      const marksWidth = roles.length * markSize * 1.02;
      let chosen = null;
      const candidates = form === "tile" ? [shortened(number)] : [...new Set([Atlas.name(number), shortened(number)])];
      if (least && form === "tile" && view.lang === "zh" && candidates[0].length === 3 && !roles.length) candidates.push(`${candidates[0].slice(0, 2)}\n${candidates[0][2]}`);
      for (const [index, name] of candidates.entries()) {
        const wide = Math.max(textWidth(name.split("\n")[0], size), marksWidth) / 2;
        const tall = name.includes("\n") ? size : (roles.length ? size + markSize * 1.15 : size * 1.15) / 2;
        const box = [x - wide - pixel, y - tall, x + wide + pixel, y + tall];
        const roomy = number === picked || (form === "tile" && (!least || 2 * wide < cell)) || form !== "tile" && wide < radius * (view.lang === "en" ? 2.8 : index ? 2.2 : 1.35) + 2 * pixel;
        if (roomy && !taken.some((other) => overlaps(box, other))) { chosen = { name, box, tall }; break; }
      }
      if (chosen) taken.push(chosen.box);
      /* What a label should look like, as one key: most labels stay as they are, and the document is left alone. */
      const key = chosen ? [chosen.name, x, y, size, roles, ...painted[number]].join() : "";
      const label = labels[number];
      if (label.key === key) continue;
      label.key = key;
      if (!chosen) { label.group.remove(); continue; }
      const baseline = roles.length ? y - chosen.tall + size * 0.86 : y + size * 0.36;
      set(label.name, { x, y: baseline });
      const [first, second] = chosen.name.split("\n");
      label.name.textContent = first;
      if (second) { label.name.setAttribute("y", y - size * 0.12); label.name.append(element("tspan", { x, dy: size * 0.98 }, null, second)); }
      set(label.marks, { x, y: baseline + markSize * 1.08, "font-size": markSize });
      label.marks.replaceChildren(...roles.map((id) => element("tspan", { class: "mark", "data-role": id }, null, options[id].mark)));
      set(label.group, { "data-match": painted[number][0], "data-class": painted[number][1] });
      if (!label.group.isConnected) byId("labels").append(label.group);
    }
    set(byId("labels"), { "font-size": size });
    placeParks(pixel, size);
    placeInsetLabels();
  }

  /* Parks stand at their host county's label point; 兰州新区 has none and stands at its prefecture's. */
  let parksDrawn = "";
  function placeParks(pixel, size) {
    const shown = layers[Atlas.view.layer].parks && form !== "tile";
    const key = shown ? `${pixel} ${size} ${Atlas.view.lang}` : "";
    if (key === parksDrawn) return;
    parksDrawn = key;
    const group = byId("marks");
    group.replaceChildren();
    if (!shown) return;
    for (const park of data.parks) {
      const half = 4.2 * pixel;
      const [x, y] = park.at;
      const top = y - size * 1.05;
      const mark = element("path", { class: "park", d: `M${x} ${top - half}l${half} ${half}l${-half} ${half}l${-half} ${-half}z` }, group);
      element("title", {}, mark, park[Atlas.view.lang]);
    }
  }

  const insetNumbers = [...svg.querySelectorAll(".copy")].map((copy) => numberOf[copy.dataset.for])
    .sort((a, b) => counties[b].label[2] - counties[a].label[2]);
  let insetDrawn = "";
  function placeInsetLabels() {
    const group = byId("inset-labels");
    if (transform.k > 1.01 || form === "tile") return;
    const [x0, y0, x1] = data.frame.inset;
    const scale = data.frame.inset_at[2] / (x1 - x0);
    const pixel = unitsPerPixel() / scale;
    const size = Math.max(10.5, leastType()) * pixel;
    const key = [size, Atlas.view.lang, ...insetNumbers.map((number) => painted[number])].join();
    if (key === insetDrawn) return;
    insetDrawn = key;
    const taken = [];
    const nodes = [];
    const choice = isChoice();
    for (const number of insetNumbers) {
      if (choice && !Atlas.matched[number]) continue;
      const [x, y] = counties[number].label;
      const name = shortened(number);
      const wide = textWidth(name, size) / 2;
      const box = [x - wide, y - size * 0.6, x + wide, y + size * 0.6];
      const [, , right, bottom] = data.frame.inset;
      if (box[0] < x0 || box[2] > right || box[1] < y0 || box[3] > bottom) continue;
      if (taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      const node = element("text", { x, y: y + size * 0.36, class: "name", "data-match": Atlas.matched[number], "data-class": painted[number][1] }, null, name);
      if (paths[number].dataset.road) node.dataset.road = paths[number].dataset.road;
      nodes.push(node);
    }
    group.setAttribute("font-size", size);
    group.replaceChildren(...nodes);
    const title = byId("inset-title");
    const [left, top] = data.frame.inset_at;
    title.setAttribute("x", left);
    title.setAttribute("y", top - 5 * pixel * scale);
    title.setAttribute("font-size", Math.max(12, leastType()) * unitsPerPixel());
    title.textContent = Atlas.text("inset");
  }

  /* ---- zoom --------------------------------------------------------------------------------------------------------- */

  let relabel = 0;
  const zoom = d3.zoom()
    .scaleExtent([1, 24])
    .extent([[0, 0], [width, height]])
    .translateExtent([[-width * 0.02, -height * 0.02], [width * 1.02, height * 1.02]])
    .filter((event) => {
      if (event.type.startsWith("touch")) return event.touches.length > 1 || transform.k > 1;
      return !event.button && event.type !== "dblclick";
    })
    .on("zoom", (event) => {
      transform = event.transform;
      root.setAttribute("transform", transform.toString());
      svg.classList.toggle("is-zoomed", transform.k > 1.01);
      cancelAnimationFrame(relabel);
      relabel = requestAnimationFrame(placeLabels);
    });
  const selection = d3.select(svg).call(zoom).on("dblclick.zoom", null);
  const glide = (ms = GLIDE) => (calm.matches || !ms ? selection : selection.transition().duration(ms));
  function resetZoom(ms) {
    if (byId("zoom-to")) byId("zoom-to").value = "all";
    zoom.transform(glide(ms), d3.zoomIdentity);
  }
  function zoomBy(factor) { zoom.scaleBy(glide(), factor); }
  function zoomToBox([x0, y0, x1, y1]) {
    const k = Math.min(24, 0.86 / Math.max((x1 - x0) / width, (y1 - y0) / height));
    zoom.transform(glide(), d3.zoomIdentity.translate(width / 2, height / 2).scale(k).translate(-(x0 + x1) / 2, -(y0 + y1) / 2));
  }
  function zoomToPrefecture(code) {
    if (!code) { resetZoom(); return; }
    if (form !== "tile") { zoomToBox(data.prefecture_box[code]); return; }
    const inside = counties.filter((county) => county.prefecture === code).map((county) => county.tile);
    const xs = inside.map(([column]) => column), ys = inside.map(([, row]) => row);
    zoomToBox([tileX(Math.min(...xs)), tileY(Math.min(...ys)), tileX(Math.max(...xs) + 1), tileY(Math.max(...ys) + 1)]);
  }

  /* ---- hover, focus, keys ------------------------------------------------------------------------------------------ */

  const pickedNumber = () => (Atlas.view.county ? numberOf[Atlas.view.county] : null);
  const numberAt = (target) => {
    const adcode = target.dataset && (target.dataset.adcode || target.dataset.for);
    return adcode ? numberOf[adcode] : null;
  };

  function focusOn(number) {
    paths[focused].setAttribute("tabindex", -1);
    focused = number;
    paths[number].setAttribute("tabindex", 0);
    const [x, y] = place(number);
    const [left, top] = transform.apply([x, y]);
    const [edgeX, edgeY] = [width * 0.06, height * 0.06];
    if (transform.k > 1 && (left < edgeX || left > width - edgeX || top < edgeY || top > height - edgeY)) zoom.translateTo(selection, x, y);
    paths[number].focus({ preventScroll: true });
  }

  /* The nearest county in a direction: straight ahead counts more than aside. */
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function neighbour(number, key) {
    const [ux, uy] = WAYS[key];
    const [x, y] = place(number);
    let best = null, least = Infinity;
    counties.forEach((_, other) => {
      const [u, v] = place(other);
      const ahead = (u - x) * ux + (v - y) * uy;
      const aside = Math.abs((u - x) * uy) + Math.abs((v - y) * ux);
      if (other === number || ahead <= 0 || aside > 2 * ahead) return;
      const cost = Math.hypot(ahead, aside) * (1 + aside / ahead) * (counties[number].near.includes(other) ? 0.7 : 1);
      if (cost < least) { best = other; least = cost; }
    });
    return best;
  }

  svg.addEventListener("keydown", (event) => {
    const number = numberAt(event.target);
    if (number === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { Home: -Infinity, End: Infinity, PageUp: -1, PageDown: 1 }[event.key];
    if (event.key in WAYS) {
      const next = neighbour(number, event.key);
      if (next !== null) focusOn(next);
    } else if (step !== undefined) {
      focusOn(Math.min(counties.length - 1, Math.max(0, number + step)));
    } else if (event.key === "Enter" || event.key === " ") {
      Atlas.pick(counties[number].adcode);
    } else if (event.key === "Escape") {
      Atlas.pick(null);
    } else if (event.key === "+" || event.key === "=") zoomBy(1.6);
    else if (event.key === "-") zoomBy(1 / 1.6);
    else if (event.key === "0") resetZoom();
    else return;
    event.preventDefault();
  });

  svg.addEventListener("click", (event) => {
    const number = numberAt(event.target);
    if (number !== null) Atlas.pick(counties[number].adcode);
  });

  function hover(number, clientX, clientY) {
    const card = byId("hover-card");
    ring("hover-ring", number === pickedNumber() ? null : number);
    if (!card) return;
    card.hidden = number === null;
    if (number === null) return;
    card.replaceChildren(...Atlas.describe(number));
    const frame = Atlas.boxes.of(card.parentElement);
    const { width: w, height: h } = Atlas.boxes.of(card);
    const left = clientX - frame.left + 16, top = clientY - frame.top + 16;
    const times = frame.width / card.parentElement.offsetWidth || 1; // the stage of a meeting is enlarged
    card.style.left = `${Math.max(4, left + w > frame.width - 4 ? clientX - frame.left - w - 12 : left) / times}px`;
    card.style.top = `${Math.max(4, Math.min(top, frame.height - h - 4)) / times}px`;
  }
  const leave = () => hover(null);

  function watch(node) {
    node.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") hover(numberAt(event.target), event.clientX, event.clientY); });
    node.addEventListener("pointerleave", leave);
    node.addEventListener("focusin", (event) => {
      const number = numberAt(event.target);
      if (number === null || !event.target.matches(":focus-visible")) return;
      focused = number;
      const box = Atlas.boxes.of(event.target);
      hover(number, box.left + box.width / 2, box.top + box.height / 2);
    });
    node.addEventListener("focusout", leave);
  }

  /* ---- panels: one small map a cluster, kind, year or class ------------------------------------------------------- */

  function panelClasses(view) {
    const { group, store, rising } = layers[view.layer];
    if (!group) {
      const now = Atlas.classes(view);
      const panels = Atlas.legend(view).map(({ id, label }) => ({ id, title: label, held: now.flatMap((one, number) => (one === id ? [number] : [])) }));
      return (rising ? panels.reverse() : panels).filter(({ held }) => held.length || !store);
    }
    return groups[group].map((id) => ({ id, option: id, title: Atlas.optionName(id), held: options[id].held }));
  }

  const FEW = 3; // counties that a panel's heading can name
  function paintPanels(view, matched) {
    const grid = byId("panels");
    if (!grid) return;
    const open = view.map === "panels";
    grid.hidden = !open;
    svg.toggleAttribute("hidden", open);
    document.documentElement.classList.toggle("in-panels", open);
    if (!open) { grid.replaceChildren(); return; }
    const panels = panelClasses(view);
    grid.classList.toggle("is-many", panels.length > 6);
    grid.setAttribute("aria-label", Atlas.text("panels_label"));
    grid.replaceChildren(...panels.map(({ id, option, title, held }) => {
      const figure = document.createElement("figure");
      figure.className = "panel";
      const caption = document.createElement("figcaption");
      const shown = held.filter((number) => matched[number]).length;
      const label = document.createElement(option ? "button" : "span");
      label.className = "panel-title";
      if (option) {
        label.type = "button";
        label.dataset.legend = option;
        label.setAttribute("aria-pressed", Atlas.stateOf(view, option) === "include");
        if (options[option].mark) label.append(Object.assign(document.createElement("span"), { className: "badge-mark", textContent: options[option].mark }));
        label.firstChild?.setAttribute("data-role", option);
      }
      label.append(title);
      const few = held.filter((number) => matched[number]).slice(0, FEW + 1).map((number) => Atlas.name(number));
      const names = few.length <= FEW ? few.join(view.lang === "zh" ? "、" : ", ") : "";
      caption.append(label, Object.assign(document.createElement("span"), { className: "panel-count", textContent: shown }),
        Object.assign(document.createElement("span"), { className: "panel-names", textContent: names }));
      const map = element("svg", { viewBox: `0 0 ${width / data.coarse_scale} ${height / data.coarse_scale}`, role: "img", "aria-label": `${title}: ${shown} ${Atlas.text("units")}` });
      const inside = new Set(held);
      counties.forEach((county, number) => element("path", {
        class: "small-county", d: data.coarse[number], "data-for": county.adcode,
        "data-held": inside.has(number) ? 1 : 0, "data-match": matched[number], "data-class": id,
      }, map));
      /* The city districts would be too small to see: a dot stands on them. */
      for (const number of held) {
        const { box, label } = counties[number];
        if (!matched[number] || Math.max(box[2] - box[0], box[3] - box[1]) > 420) continue;
        element("circle", { class: "small-dot", cx: label[0] / data.coarse_scale, cy: label[1] / data.coarse_scale, r: 17, "data-for": counties[number].adcode }, map);
      }
      element("path", { class: "small-picked", d: pickedNumber() === null ? "" : data.coarse[pickedNumber()] }, map);
      figure.append(caption, map);
      return figure;
    }));
  }

  /* ---- settling into the page ----------------------------------------------------------------------------------------- */

  new ResizeObserver(() => {
    if (room.width === svg.clientWidth && room.height === svg.clientHeight) return;
    room = { width: svg.clientWidth, height: svg.clientHeight };
    placeLabels();
  }).observe(svg);

  function rename(view) {
    paths.forEach((path, number) => path.setAttribute("aria-label", Atlas.accessibleName(number)));
    svg.setAttribute("aria-label", Atlas.text("map_label"));
  }

  /* Called whenever the page's rooms are (re)built: moves the map, which was painted before any script ran, into its room. */
  function settle() {
    const stage = byId("map-stage");
    if (!stage || stage.contains(svg)) return false;
    const grid = byId("panels");
    watch(stage); // not the svg itself: listening for focus would make it a stop of the Tab key
    stage.append(svg);
    room = { width: svg.clientWidth, height: svg.clientHeight };
    byId("cradle")?.remove();
    watch(grid);
    grid.addEventListener("click", (event) => {
      const number = numberAt(event.target);
      if (number !== null) Atlas.pick(counties[number].adcode);
    });
    show(Atlas.view, Atlas.matched, null);
    return true;
  }

  function show(view, matched, before) {
    paint(view, matched);
    if (before && before.lang !== view.lang) rename(view);
    else if (before && before.layer !== view.layer && [before.layer, view.layer].some((layer) => !layer || layers[layer].store)) Atlas.afterPaint("names", () => rename(Atlas.view));
    if (before && !before.layer) paintRoads();
    setForm(view.map === "tile" ? "tile" : "true");
    ring("picked-ring", pickedNumber());
    if (!before || before.county !== view.county) {
      paths.forEach((path, number) => path.setAttribute("aria-pressed", number === pickedNumber()));
      if (view.county && document.activeElement !== paths[pickedNumber()] && !svg.contains(document.activeElement)) {
        paths[focused].setAttribute("tabindex", -1);
        focused = pickedNumber();
        paths[focused].setAttribute("tabindex", 0);
      }
    }
    paintPanels(view, matched);
    if (before) Atlas.afterPaint("labels", placeLabels);
    else placeLabels();
  }
  Atlas.onChange(show);

  return {
    svg, paths, outlines, settle, highlight, hover, leave, neighbour, focusOn, zoomBy, resetZoom, zoomToPrefecture, shortened, textWidth, overlaps,
    get form() { return form; },
  };
})();
