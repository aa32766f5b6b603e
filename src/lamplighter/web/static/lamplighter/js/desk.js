// The desks: the panel slot, keys of one letter, rows, menus.
const on = (type, act, capture = false) => document.addEventListener(type, act, capture);
const slot = document.getElementById("panel");
const main = document.getElementById("main");
const narrow = matchMedia("(max-width: 899px)");
const typing = el => el.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
const modal = () => document.querySelector("dialog[open]");

// Panel: opens from any a[data-panel]; keys that are typed while it loads go to its first field.
let opener = null;
let early = null;

function open(link) {
  if (slot.hidden) opener = link;
  early = [];
  htmx.ajax("GET", link.href, { target: "#panel", swap: "innerHTML" }).catch(() => {}).finally(() => { early = null; });
}
function close() {
  slot.querySelectorAll("form[data-draft]:not([data-done])").forEach(form => { if (form.dataset.touched) form.dispatchEvent(new CustomEvent("lamp:keep", { bubbles: true })); });
  slot.hidden = true;
  slot.replaceChildren();
  main.inert = false;
  document.body.classList.remove("panel-open");
  (opener?.isConnected ? opener : main).focus();
  opener = null;
}
on("input", event => { const form = event.target.closest?.("#panel form"); if (form) form.dataset.touched = "1"; });
on("click", event => {
  const shut = event.target.closest("[data-close]");
  if (shut && slot.contains(shut)) { event.preventDefault(); close(); return; }
  const link = event.target.closest("a[data-panel]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link);
});
on("htmx:beforeSwap", event => { if (event.detail.target === slot && event.detail.shouldSwap) slot.hidden = false; });
on("htmx:afterSettle", event => {
  if (event.detail.target !== slot) return;
  slot.setAttribute("aria-label", slot.querySelector("#panel-title")?.textContent || "Panel");
  document.body.classList.add("panel-open");
  main.inert = narrow.matches;
  replay();
});
narrow.addEventListener("change", () => { main.inert = narrow.matches && !slot.hidden; });
on("lamp:done", event => { if (!event.detail.stay && !slot.hidden) close(); });

function replay() {
  const keys = early || [];
  early = null;
  let field = keys.length && slot.querySelector("form input:not([type=hidden]), form textarea, form select");
  if (!field) return;
  field.focus();
  if (field.matches("[data-select]") && /^[\d.]$/.test(keys[0])) field.value = "";
  for (const key of keys) {
    if (!typing(field) || (field.matches("[data-letters]") && /^[a-z]$/i.test(key))) {
      field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      if (slot.contains(document.activeElement)) field = document.activeElement; // a key may have gone on to the next field
    } else {
      field.value = key === "Backspace" ? field.value.slice(0, -1) : field.value + key;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

// Keys. Letters act only outside fields; a person can ask for ";" before them, or switch them off.
const mode = document.body.dataset.keys;
let pending = "";
let late = "";
let armed = mode === "single";
const visible = el => (el.closest(".menu") || el).offsetParent !== null;
function label(el) {
  const copy = el.cloneNode(true);
  copy.querySelectorAll("kbd, .rail-count, .hint").forEach(part => part.remove());
  return copy.textContent.trim();
}
const actors = () => [...document.querySelectorAll("[data-key]")].filter(el => visible(el) && (narrow.matches && !slot.hidden ? slot.contains(el) : true));

on("keydown", event => {
  if (early && !event.ctrlKey && !event.metaKey && !event.altKey && (event.key.length === 1 || event.key === "Backspace")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    early.push(event.key);
  }
}, true);
on("keydown", event => {
  const { key, target } = event;
  if (event.defaultPrevented || event.altKey || event.metaKey || event.ctrlKey || modal()) return;
  if (key === "Escape") return escape();
  if (target.type === "radio" && /^[1-9]$/.test(key)) return choose(target, key);
  if (mode === "off" || typing(target) || key.length > 1) return;
  if (mode === "prefix" && !armed) { if (key === ";") { armed = true; event.preventDefault(); } return; }
  const typed = pending ? `${pending} ${key.toLowerCase()}` : key.toLowerCase();
  const found = act(typed);
  if (found) event.preventDefault();
  late = found || !main.querySelector("[aria-busy=true]") ? "" : typed;
  pending = !found && actors().some(el => el.dataset.key.startsWith(`${typed} `)) ? typed : "";
  if (pending) setTimeout(() => { pending = ""; }, 1500);
  else if (mode === "prefix") armed = false;
});
// A key of what is still being fetched acts when it has come.
on("htmx:afterSettle", event => { if (late && event.detail.target !== slot && act(late)) late = ""; });
function act(typed) {
  if (typed === "/") { document.querySelector("[data-open-palette]")?.click(); return true; }
  if (typed === "?") { help(); return true; }
  const element = actors().reverse().find(el => el.dataset.key === typed);
  if (element) {
    if (element.matches("label")) { element.control.focus(); element.control.click(); step(element.control); } else element.click();
    return true;
  }
  return (typed === "j" || typed === "k") && row(typed === "j" ? 1 : -1);
}
function choose(radio, digit) {
  const group = [...document.getElementsByName(radio.name)].filter(one => one.form === radio.form);
  const chosen = group[Number(digit) - 1];
  if (chosen) { chosen.focus(); chosen.click(); }
}

// Fields in [data-steps] follow each other: Enter goes on to the next and posts at the last; a key that chooses goes on
// too. In a field of figures ([data-letters]) letters are such keys.
function step(field) {
  const shown = [...(field.closest("[data-steps]")?.querySelectorAll("input, select, textarea") || [])].filter(one => one.offsetParent);
  const next = shown.slice(shown.indexOf(field) + 1).find(one => one.type !== "radio" || (one.name !== field.name && (one.checked || !one.form.elements[one.name].value)));
  next?.focus();
  return Boolean(next);
}
on("keydown", event => {
  const field = event.target;
  if (!field.matches?.("[data-steps] input") || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key === "Enter" && step(field)) event.preventDefault();
  if (mode !== "single" || !/^[a-z]$/i.test(event.key) || !field.matches("[data-letters]")) return;
  event.preventDefault();
  const chosen = [...field.form.querySelectorAll("[data-key]")].find(el => el.dataset.key === event.key.toLowerCase());
  if (chosen?.matches("label")) { chosen.control.click(); step(chosen.control); } else chosen?.click();
});
on("click", event => {
  const filling = event.target.closest("[data-fill]");
  if (!filling) return;
  const field = filling.form.elements[filling.dataset.fill];
  field.value = filling.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  step(field);
});
on("focusin", event => { if (event.target.matches("input[data-select]")) event.target.select(); });
function row(step) {
  const links = [...document.querySelectorAll("[data-rows] tbody .row-link, [data-rows] > li > a")].filter(visible);
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
  next?.focus();
  return links.length > 0;
}
function escape() {
  const menu = document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); } else if (!slot.hidden) close();
}
on("click", event => { for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false; });

// Which keys there are.
function help() {
  const list = document.querySelector("#keys .keys-list");
  const lines = [["/ or Ctrl K", "Find"], ["Esc", "Close the panel"], ["J K", "Next and previous row"]];
  if (mode !== "off") for (const el of actors()) lines.push([el.dataset.key.toUpperCase(), label(el)]);
  list.replaceChildren(...lines.filter(([keys]) => mode !== "off" || keys.includes("Ctrl") || keys === "Esc").flatMap(([keys, words]) => {
    const term = document.createElement("dt");
    term.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
    return [term, Object.assign(document.createElement("dd"), { textContent: words })];
  }));
  document.getElementById("keys").showModal();
}
on("click", event => {
  if (event.target.closest("[data-open-keys]")) help();
  if (event.target.closest("[data-print]")) print();
});

// An address that ends in #key-p opens that act: a scanned stub leads to its payment.
function opened() {
  const wanted = /^#key-(.+)$/.exec(location.hash);
  if (!wanted) return;
  history.replaceState(null, "", location.pathname + location.search);
  act(wanted[1]);
}
addEventListener("hashchange", opened);
opened();
