/** Elements without a framework: el("p", { class: "x", onclick: f }, "text", child, ...). */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (key.startsWith("on")) {
      made.addEventListener(key.slice(2), value);
    } else {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Sets a text only when it is another one: the browser lays out what changed and no more. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) {
    node.setAttribute(name, value);
  }
}

/** Tells a person something, and a screen reader too. */
export function say(text, isFault = false) {
  const place = document.getElementById("said");
  const note = el("p", { class: isFault ? "note fault" : "note" }, text);
  place.replaceChildren(note);
  setTimeout(() => note.remove(), isFault ? 12_000 : 5_000);
}

export function badge(state) {
  return el("span", { class: "badge", "data-state": state }, state);
}

/** A table of plain cells; a cell is text or a node, a column is a title or [title, class]. */
export function table(caption, columns, rows) {
  const cells = columns.map((column) => (Array.isArray(column) ? column : [column, ""]));
  return el(
    "div",
    { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    el(
      "table",
      {},
      el("caption", { class: "hidden" }, caption),
      el("thead", {},
        el("tr", {}, ...cells.map(([title, kind]) => el("th", { scope: "col", class: kind }, title)))),
      el("tbody", {},
        ...rows.map((row) =>
          el("tr", {}, ...row.map((cell, i) => el("td", { class: cells[i][1] }, cell)))))));
}
