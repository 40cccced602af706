"use strict";
(() => {
  const LEVELS = ["error", "manual", "review", "rewritten"];
  const { files, rules } = JSON.parse(document.getElementById("data").textContent);
  const list = document.getElementById("list");
  const search = document.getElementById("search");
  const chosen = document.getElementById("chosen");
  const openAll = document.getElementById("all");
  const wanted = { text: "", levels: new Set(), rule: "", folder: null };

  // Everything that comes from the repository becomes text, never markup.
  const make = (tag, className = "", ...children) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  };
  const prose = (text) => text.split("`").map((part, index) => (index % 2 ? make("code", "", part) : part));
  const ruleName = (code) => (rules[code] ? `${code} ${rules[code].name}` : code);
  const folderOf = (path) => path.split("/").slice(0, -1).slice(0, 2).join("/") || ".";

  // -- one file ------------------------------------------------------------------------------------------
  const marked = ([text, changed]) => {
    const parts = [];
    let at = 0;
    for (const [start, end] of changed) {
      parts.push(text.slice(at, start), make("mark", "", text.slice(start, end)));
      at = end;
    }
    return [...parts, text.slice(at)];
  };
  const cells = (number, line, side) => [
    make("td", "no", number ? String(number) : ""),
    line === null ? make("td") : make("td", side, ...marked(line)),
  ];
  const reasons = (findings) =>
    findings.map(([code, level, message]) =>
      make("div", `reason ${level}`, make("b", `rule ${level}`, ruleName(code)), ` ${level}: `, ...prose(message)));
  const wide = (className, ...children) => {
    const cell = make("td", className, ...children);
    cell.colSpan = 4;
    return make("tr", "", cell);
  };
  const row = (pair) => {
    const [oldNumber, newNumber] = pair.numbers;
    return "same" in pair
      ? make("tr", "", ...cells(oldNumber, [pair.same, []], ""), ...cells(newNumber, [pair.same, []], ""))
      : make("tr", "", ...cells(oldNumber, pair.old, "old"), ...cells(newNumber, pair.new, "new"));
  };
  const table = (hunks) => {
    const body = make("tbody");
    hunks.forEach((hunk, index) => {
      if (index) body.append(wide("gap", "···"));
      for (const pair of hunk) {
        body.append(row(pair));
        if (pair.findings.length) body.append(wide("why", ...reasons(pair.findings)));
      }
    });
    const columns = make("colgroup", "", ...[0, 1, 2, 3].map(() => make("col")));
    columns.children[0].style.width = columns.children[2].style.width = "3.6rem";
    return make("table", "diff", columns, body);
  };
  const fill = (node, file) => {
    if (node.children.length > 1) return;
    for (const part of file.parts) {
      if (part.title) node.append(make("p", "cell-title", part.title));
      if (part.loose.length) node.append(make("div", "loose", ...reasons(part.loose)));
      if (part.hunks.length) node.append(table(part.hunks));
    }
  };
  const nodes = files.map((file, number) => {
    const counts = LEVELS.flatMap((level, index) =>
      file.levels[index] ? [make("span", `level ${level}`, `${file.levels[index]} ${level}`)] : []);
    const node = make("details", "file", make("summary", "", make("span", "path", file.path), ...counts));
    node.id = `file-${number}`;
    node.addEventListener("toggle", () => node.open && fill(node, file));
    return node;
  });
  list.append(...nodes);

  // -- which files are shown -----------------------------------------------------------------------------
  const texts = new Map();
  const textOf = (number) => {
    if (!texts.has(number)) texts.set(number, JSON.stringify(files[number]).toLowerCase());
    return texts.get(number);
  };
  const fits = (file, number) =>
    (!wanted.levels.size || LEVELS.some((level, index) => wanted.levels.has(level) && file.levels[index])) &&
    (!wanted.rule || file.rules.includes(wanted.rule)) &&
    (wanted.folder === null || folderOf(file.path) === wanted.folder) &&
    (!wanted.text || file.path.toLowerCase().includes(wanted.text) || textOf(number).includes(wanted.text));
  const visible = () => nodes.filter((node) => !node.hidden);
  const show = () => {
    files.forEach((file, number) => { nodes[number].hidden = !fits(file, number); });
    const count = visible().length;
    document.getElementById("shown").textContent =
      count === files.length ? `${count} files` : `${count} of ${files.length} files`;
    const said = [wanted.rule && ruleName(wanted.rule), wanted.folder !== null && `in ${wanted.folder}`].filter(Boolean);
    chosen.hidden = !said.length;
    chosen.textContent = said.length ? `Only files with ${said.join(", ")} (Esc: all)`.replace("with in", "in") : "";
    for (const bar of document.querySelectorAll(".bar")) {
      const on = bar.dataset.rule ? bar.dataset.rule === wanted.rule : bar.dataset.folder === wanted.folder;
      bar.setAttribute("aria-pressed", String(on));
    }
  };
  const reset = () => {
    Object.assign(wanted, { text: "", rule: "", folder: null });
    wanted.levels.clear();
    search.value = "";
    for (const button of document.querySelectorAll("[data-level]")) button.setAttribute("aria-pressed", "false");
    show();
  };

  // -- charts --------------------------------------------------------------------------------------------
  const chart = (figure, groups, label, choose, key) => {
    const sum = (levels) => levels.reduce((total, count) => total + count, 0);
    const sorted = [...groups].sort((one, other) => sum(other[1]) - sum(one[1]));
    const most = Math.max(1, ...sorted.map(([, levels]) => sum(levels)));
    for (const [name, levels] of sorted) {
      const track = make("span", "track", ...levels.map((count, index) => {
        const part = make("i", LEVELS[index]);
        part.style.width = `${(100 * count) / most}%`;
        return part;
      }));
      const bar = make("button", "bar", make("span", "label", label(name)), track, make("span", "number", String(sum(levels))));
      bar.type = "button";
      bar.title = label(name);
      bar.dataset[key] = name;
      bar.addEventListener("click", () => { choose(name); show(); });
      figure.append(bar);
    }
  };
  const byRule = new Map();
  const byFolder = new Map();
  const count = (groups, name, level) => {
    if (!groups.has(name)) groups.set(name, [0, 0, 0, 0]);
    groups.get(name)[LEVELS.indexOf(level)] += 1;
  };
  for (const file of files) {
    for (const part of file.parts) {
      const found = [...part.loose, ...part.hunks.flatMap((hunk) => hunk.flatMap((pair) => pair.findings))];
      for (const [code, level] of found) {
        count(byRule, code, level);
        count(byFolder, folderOf(file.path), level);
      }
    }
  }
  chart(document.getElementById("by-rule"), byRule, ruleName,
    (name) => { wanted.rule = wanted.rule === name ? "" : name; }, "rule");
  chart(document.getElementById("by-folder"), byFolder, (name) => name,
    (name) => { wanted.folder = wanted.folder === name ? null : name; }, "folder");

  // -- rules ---------------------------------------------------------------------------------------------
  for (const [code, rule] of Object.entries(rules)) {
    const node = make("details", "", make("summary", "", make("b", "", ruleName(code)), " ", ...prose(rule.summary)));
    node.append(make("p", "", ...prose(rule.explanation)));
    for (const example of [rule.before, rule.after]) if (example) node.append(make("pre", "", example));
    document.getElementById("rules").append(node);
  }

  // -- controls ------------------------------------------------------------------------------------------
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { wanted.text = search.value.trim().toLowerCase(); show(); }, 120);
  });
  for (const button of document.querySelectorAll("[data-level]")) {
    button.addEventListener("click", () => {
      const level = button.dataset.level;
      if (!wanted.levels.delete(level)) wanted.levels.add(level);
      button.setAttribute("aria-pressed", String(wanted.levels.has(level)));
      show();
    });
  }
  openAll.addEventListener("click", () => {
    const closed = visible().some((node) => !node.open);
    for (const node of visible()) node.open = closed;
    openAll.textContent = closed ? "Close all" : "Open all";
  });
  const go = (hash) => {
    const node = document.getElementById(hash.slice(1));
    if (!node || !node.classList.contains("file")) return;
    if (node.hidden) reset();
    fill(node, files[nodes.indexOf(node)]);
    node.open = true;
    node.scrollIntoView();
    node.firstElementChild.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#file-']");
    if (!link) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    go(link.hash);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { reset(); search.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); return; }
    if (event.key !== "j" && event.key !== "k") return;
    const shown = visible();
    const at = shown.findIndex((node) => node.contains(document.activeElement));
    const next = shown[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
    if (next) { next.firstElementChild.focus(); next.scrollIntoView({ block: "nearest" }); }
  });
  window.addEventListener("beforeprint", () => visible().forEach((node) => { if (node.open) fill(node, files[nodes.indexOf(node)]); }));
  show();
  if (location.hash) go(location.hash);
})();
