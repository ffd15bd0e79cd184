import { el, setAttribute, setText } from "./dom.js";
import * as format from "./format.js";
import { order } from "./orders.js";
import { listen, rows } from "./stream.js";

/**
 * The fleet as a table. Two thousand rows change each second, so a row is made once, only cells
 * whose text changed are touched, and no more rows stand on the page than were asked for.
 */
const STEP = 200;
const STATES = ["serving", "draining", "silent", "retired", "expected"];
const COLUMNS = [
  { key: "appliance", title: "Appliance", of: (row) => row.appliance },
  { key: "site", title: "Site", of: (row) => row.site ?? "" },
  { key: "state", title: "State", of: (row) => STATES.indexOf(row.state), text: (row) => row.state },
  { key: "standing", title: "Standing", of: (row) => row.standing },
  { key: "headroom", title: "Headroom", number: true, of: (row) => row.headroom,
    text: (row) => (row.leaseAge < 0 ? "" : format.percent(row.headroom)) },
  { key: "connections", title: "Connections", number: true, of: (row) => row.connections,
    text: (row) => (row.leaseAge < 0 ? "" : format.count(row.connections)) },
  { key: "bits", title: "Sends", number: true, of: (row) => row.bitsPerSecond,
    text: (row) => (row.leaseAge < 0 ? "" : format.bits(row.bitsPerSecond)) },
  { key: "files", title: "Files", number: true, of: (row) => row.files,
    text: (row) => (row.leaseAge < 0 ? "" : format.count(row.files)) },
  { key: "age", title: "Lease age", number: true, of: (row) => row.leaseAge,
    text: (row) => format.seconds(row.leaseAge) },
];

const view = { words: "", state: "", sort: "appliance", down: false, most: STEP };

export function show(place) {
  const lines = new Map();
  const search = el("input", {
    type: "search", id: "filter", value: view.words, placeholder: "name, site, host or note",
    oninput: () => { view.words = search.value.toLowerCase(); view.most = STEP; draw(null); },
  });
  const tiles = new Map(STATES.map((name) => [name, tile(name)]));
  const sends = el("strong", {}, "0 b/s");
  const heads = COLUMNS.map(head);
  const body = el("tbody", {});
  const shown = el("p", { class: "muted", role: "status" });
  const more = el("button", { type: "button", onclick: () => { view.most += STEP; draw(null); } });
  const region = el("div", { class: "scroll", role: "region", "aria-label": "Appliances", tabindex: "0" },
    el("table", { class: "fleet" },
      el("caption", { class: "hidden" }, "Appliances"),
      el("thead", {}, el("tr", {}, ...heads, el("th", { scope: "col" }, el("span", { class: "hidden" }, "Order")))),
      body));

  place.replaceChildren(
    el("div", { class: "tiles", role: "group", "aria-label": "Filter by state" },
      ...tiles.values(), el("div", { class: "tile plain" }, sends, el("span", {}, "sent in all"))),
    el("section", { class: "panel" },
      el("div", { class: "bar" },
        el("h2", {}, "Appliances"),
        el("label", { class: "hidden", for: "filter" }, "Filter appliances"), search),
      region,
      el("div", { class: "bar foot" }, shown, more)));

  function tile(name) {
    return el("button", { type: "button", class: "tile", "data-state": name, "aria-pressed": "false",
      onclick: () => { view.state = view.state === name ? "" : name; view.most = STEP; draw(null); } },
    el("strong", {}, "0"), el("span", {}, name));
  }

  function head(column) {
    return el("th", { scope: "col", class: column.number ? "number" : "" },
      el("button", { type: "button", class: "sort", onclick: () => {
        view.down = view.sort === column.key ? !view.down : Boolean(column.number);
        view.sort = column.key;
        draw(null);
      } }, column.title));
  }

  function wanted() {
    const column = COLUMNS.find((one) => one.key === view.sort);
    const sign = view.down ? -1 : 1;
    return [...rows.values()]
      .filter((row) => (!view.state || row.state === view.state) && matches(row))
      .sort((a, b) => {
        const x = column.of(a);
        const y = column.of(b);
        return x < y ? -sign : x > y ? sign : a.appliance < b.appliance ? -1 : 1;
      });
  }

  function matches(row) {
    return !view.words || [row.appliance, row.site, row.endpoint, row.note, row.pathway]
      .some((text) => text?.toLowerCase().includes(view.words));
  }

  function line(row) {
    const link = el("a", { href: `#/appliance/${row.appliance}` }, row.appliance);
    const state = el("span", { class: "badge" });
    const meter = el("meter", { min: "0", max: "1", low: "0.1", optimum: "1", "aria-hidden": "true" });
    const cells = COLUMNS.map((column) => el(
      column.key === "appliance" ? "th" : "td",
      { class: column.number ? "number" : "", scope: column.key === "appliance" ? "row" : null,
        "data-title": column.title }));
    cells[0].append(link);
    cells[2].append(state);
    const free = el("span", {});
    cells[4].append(meter, free);
    const act = el("button", { type: "button", class: "small",
      onclick: () => order(act.dataset.kind, row.appliance) });
    const made = {
      element: el("tr", { "data-appliance": row.appliance }, ...cells, el("td", { class: "act" }, act)),
      update(now) {
        setText(state, now.state);
        setAttribute(state, "data-state", now.state);
        meter.hidden = now.leaseAge < 0;
        meter.value = now.headroom;
        setText(free, COLUMNS[4].text(now));
        COLUMNS.forEach((column, i) => {
          if (i !== 0 && i !== 2 && i !== 4) {
            setText(cells[i], (column.text ?? column.of)(now));
          }
        });
        const kind = { none: "drain", drain: "undrain", retired: "restore" }[now.order];
        if (act.dataset.kind !== kind) {
          act.dataset.kind = kind;
          setText(act, kind[0].toUpperCase() + kind.slice(1));
          act.setAttribute("aria-label", `${act.textContent} ${now.appliance}`);
        }
      },
    };
    return made;
  }

  /** Rows stay where they are under a hand that is about to press. */
  const isHeld = () => body.matches(":hover") || body.contains(document.activeElement);

  function draw(changed) {
    const all = wanted();
    const names = all.slice(0, view.most).map((row) => row.appliance);
    const wantedNames = new Set(names);
    const before = [...body.children].map((child) => child.dataset.appliance);
    const sameSet = before.length === names.length && before.every((name) => wantedNames.has(name));
    for (const name of names) {
      const row = rows.get(name);
      let known = lines.get(name);
      if (!known) {
        lines.set(name, (known = line(row)));
        known.update(row);
      } else if (!changed || changed.has(name)) {
        known.update(row);
      }
    }
    if (!sameSet || (!(changed && isHeld()) && before.some((name, i) => name !== names[i]))) {
      body.replaceChildren(...names.map((name) => lines.get(name).element));
      for (const name of lines.keys()) {
        if (!wantedNames.has(name)) {
          lines.delete(name);
        }
      }
    }
    frame(all.length);
  }

  function frame(found) {
    let total = 0;
    const counts = Object.fromEntries(STATES.map((name) => [name, 0]));
    for (const row of rows.values()) {
      counts[row.state]++;
      total += row.standing === "alive" || row.standing === "suspect" ? row.bitsPerSecond : 0;
    }
    for (const [name, button] of tiles) {
      setText(button.firstChild, format.count(counts[name]));
      setAttribute(button, "aria-pressed", String(view.state === name));
      button.toggleAttribute("data-none", counts[name] === 0);
    }
    setText(sends, format.bits(total));
    heads.forEach((cell, i) => {
      const mine = COLUMNS[i].key === view.sort;
      setAttribute(cell, "aria-sort", mine ? (view.down ? "descending" : "ascending") : "none");
    });
    const visible = Math.min(found, view.most);
    setText(shown, found === 0
      ? (rows.size ? "No appliance is like that." : "No appliance was heard or registered yet.")
      : visible < found
        ? `${format.count(visible)} of ${format.plural(found, "appliance")}`
        : format.plural(found, "appliance"));
    more.hidden = visible >= found;
    setText(more, `Show ${format.count(Math.min(STEP, found - visible))} more`);
  }

  draw(null);
  return listen(draw);
}
