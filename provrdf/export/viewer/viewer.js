"use strict";
// Pan, zoom, search and details over the SVG. All text goes in as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const canvas = byId("canvas"), svg = canvas.querySelector("svg"), search = byId("search");
  const nodes = data.nodes, edges = data.edges;
  const past = {}, future = {};
  for (const edge of edges) {
    (past[edge.source] ??= []).push(edge);
    (future[edge.target] ??= []).push(edge);
  }

  // --- pan and zoom: the view box of the picture
  const whole = svg.viewBox.baseVal;
  const all = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
  let view = { ...all };
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
  const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
  const scale = () => Math.max(view.w / canvas.clientWidth, view.h / canvas.clientHeight);
  const point = (event) => {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [place.x, place.y];
  };
  const zoom = (factor, x = view.x + view.w / 2, y = view.y + view.h / 2) => {
    const wider = Math.min(Math.max(view.w * factor, 40), all.w * 4) / view.w;
    view = { x: x - (x - view.x) * wider, y: y - (y - view.y) * wider, w: view.w * wider, h: view.h * wider };
    show();
  };
  const fit = () => { view = { ...all }; show(); };
  const centre = (id) => {
    const element = byId(id), box = element.getBBox();
    const where = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2)
      .matrixTransform(svg.getScreenCTM().inverse().multiply(element.getScreenCTM()));
    const readable = Math.min(view.w, canvas.clientWidth * 1.1);
    const height = readable * canvas.clientHeight / canvas.clientWidth;
    view = { x: where.x - readable / 2, y: where.y - height / 2, w: readable, h: height };
    show();
  };
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...point(event));
  }, { passive: false });
  let drag = null;
  canvas.addEventListener("pointerdown", (event) => { drag = { x: event.clientX, y: event.clientY, moved: false }; });
  window.addEventListener("pointermove", (event) => {
    if (!drag || !event.buttons) { drag = null; return; }
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(dx, dy) < 4) return;
    drag = { x: event.clientX, y: event.clientY, moved: true };
    canvas.classList.add("moving");
    view.x -= dx * scale();
    view.y -= dy * scale();
    show();
  });
  window.addEventListener("pointerup", () => {
    canvas.classList.remove("moving");
    setTimeout(() => { drag = null; });
  });
  byId("in").onclick = () => zoom(0.7);
  byId("out").onclick = () => zoom(1 / 0.7);
  byId("fit").onclick = fit;

  // --- what is linked to what
  const reach = (start, links, end) => {
    const seen = new Set([start]), rows = [start];
    while (rows.length) {
      for (const edge of links[rows.pop()] ?? []) {
        if (edge.flow && !seen.has(edge[end])) { seen.add(edge[end]); rows.push(edge[end]); }
      }
    }
    return seen;
  };
  const dim = (kept) => {
    for (const id of Object.keys(nodes)) byId(id)?.classList.toggle("dim", kept !== null && !kept.has(id));
    edges.forEach((edge) => byId(edge.id)?.classList.toggle(
      "dim", kept !== null && !(kept.has(edge.source) && kept.has(edge.target))));
  };

  // --- the panel
  const make = (tag, text = "", name = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const link = (id) => {
    const a = make("a", nodes[id].title, "node-link");
    a.tabIndex = 0;
    a.onclick = () => choose(id, true);
    a.onkeydown = (event) => { if (event.key === "Enter") choose(id, true); };
    return a;
  };
  const list = (panel, title, rows) => {
    if (!rows.length) return;
    panel.append(make("h3", title));
    const ul = make("ul");
    for (const [id, role] of rows) {
      const li = make("li");
      li.append(link(id));
      if (role) li.append(make("span", role, "role"));
      ul.append(li);
    }
    panel.append(ul);
  };
  const open = (section) => {
    for (const id of ["legend", "found", "details"]) byId(id).hidden = id !== section;
  };
  const words = { activity: "step", entity: "file or object", agent: "agent", parameters: "parameters" };
  const describe = (id) => {
    const node = nodes[id], panel = byId("details");
    panel.replaceChildren(make("span", words[node.kind], `badge ${node.kind}`));
    if (node.failed) panel.append(make("span", "failed", "badge failed"));
    panel.append(make("h2", node.title));
    const dl = make("dl");
    let last = null;
    for (const [word, value] of node.details) {
      if (word && word !== last) dl.append(make("dt", word));
      dl.append(make("dd", value));
      last = word;
    }
    panel.append(dl);
    const pick = (links, relation, end) =>
      (links[id] ?? []).filter((edge) => edge.relation === relation).map((edge) => [edge[end], edge.label]);
    list(panel, "used", pick(past, "used", "target"));
    list(panel, "made", pick(future, "wasGeneratedBy", "source"));
    list(panel, "made by", pick(past, "wasGeneratedBy", "target"));
    list(panel, "used by", pick(future, "used", "source"));
    list(panel, "derived from", pick(past, "wasDerivedFrom", "target"));
    list(panel, "from it were derived", pick(future, "wasDerivedFrom", "source"));
    list(panel, "contains", pick(past, "hadMember", "target"));
    list(panel, "part of", pick(future, "hadMember", "source"));
    list(panel, "earlier version", pick(past, "wasRevisionOf", "target"));
    list(panel, "later version", pick(future, "wasRevisionOf", "source"));
    list(panel, "informed by", pick(past, "wasInformedBy", "target"));
    open("details");
  };
  let chosen = null;
  const choose = (id, move) => {
    byId(chosen)?.classList.remove("chosen");
    chosen = id;
    if (id === null) {
      dim(null);
      open("legend");
      history.replaceState(null, "", "#");
      return;
    }
    byId(id)?.classList.add("chosen");
    const kept = new Set([...reach(id, past, "target"), ...reach(id, future, "source")]);
    for (const edge of edges) if (!edge.flow && kept.has(edge.source)) kept.add(edge.target);
    dim(kept);
    describe(id);
    if (move) centre(id);
    history.replaceState(null, "", `#${id}`);
  };
  for (const id of Object.keys(nodes)) {
    const element = byId(id);
    if (!element) continue;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", nodes[id].title);
    element.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(id, false); });
  }
  canvas.addEventListener("click", (event) => {
    if (drag?.moved) return;
    const element = event.target.closest("g.node");
    if (element) choose(element.id, false);
    else if (!search.value) choose(null);
  });

  // --- search
  const text = {};
  for (const [id, node] of Object.entries(nodes)) {
    text[id] = [node.title, ...node.members, ...node.details.map((detail) => detail[1])].join("\n").toLowerCase();
  }
  const find = () => {
    const wanted = search.value.trim().toLowerCase();
    const hits = wanted ? Object.keys(nodes).filter((id) => text[id].includes(wanted)) : [];
    for (const id of Object.keys(nodes)) byId(id)?.classList.toggle("hit", hits.includes(id));
    if (!wanted) { choose(null); return; }
    dim(null);
    const panel = byId("found");
    panel.replaceChildren(make("h2", hits.length ? `${hits.length} found` : "nothing found"));
    list(panel, "", hits.slice(0, 200).map((id) => [id, words[nodes[id].kind]]));
    open("found");
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const first = document.querySelector("g.node.hit");
    if (first) choose(first.id, true);
  });
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { search.value = ""; find(); search.blur(); return; }
    if (event.target === search || event.ctrlKey || event.metaKey) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key === "+") zoom(0.7);
    if (event.key === "-") zoom(1 / 0.7);
    if (event.key === "0") fit();
  });
  if (!Object.values(nodes).some((node) => node.kind === "agent")) document.querySelector(".agents").hidden = true;
  const asked = location.hash.slice(1);
  if (nodes[asked]) choose(asked, true);
})();
