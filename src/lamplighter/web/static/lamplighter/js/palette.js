// The palette: one field that finds people and things (data-url), places (go) and acts (>).
const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");
let asking = null;
let waits = false; // what is listed is not yet the answer to what was typed
let entered = null; // Enter came before the answer: the key event, which is meant for what was typed
let picked = null; // the address of the line that an arrow chose: an answer that comes late leaves it chosen
let at = -1;

function open() {
  if (dialog.open) return;
  document.querySelectorAll("details.menu[open]").forEach(menu => { menu.open = false; });
  input.value = "";
  dialog.showModal();
  input.focus();
  update();
}
document.addEventListener("click", event => { if (event.target.closest("[data-open-palette]")) open(); else if (event.target === dialog) dialog.close(); });
document.addEventListener("keydown", event => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
}, true);

async function update() {
  const typed = input.value.trim();
  asking?.abort();
  asking = entered = picked = null;
  if (!dialog.dataset.url || typed.startsWith(">") || typed.startsWith("go ")) {
    offer(local(typed));
    return;
  }
  waits = true;
  const mine = asking = new AbortController();
  try {
    const answer = await fetch(`${dialog.dataset.url}?${new URLSearchParams({ q: typed })}`, { signal: mine.signal, headers: { "HX-Request": "true", "HX-Target": "palette-list" } });
    if (!answer.ok) throw new Error(answer.status);
    const lines = await answer.text();
    if (mine !== asking) return;
    list.innerHTML = lines;
    list.append(...said(typed).map(asLine));
    settle();
  } catch (error) {
    if (mine === asking) offer([], "The search did not answer. Try again.");
  }
}
function local(typed) {
  const wanted = typed.replace(/^(>|go )/, "").trim().toLowerCase();
  const acts = typed.startsWith("go ") ? [] : [...document.querySelectorAll("main a[data-key], main button[data-key], main a[data-act]")];
  const places = typed.startsWith(">") ? [] : [...document.querySelectorAll(".rail a, .menu-body a")];
  return [...acts, ...places].filter(el => el.textContent.toLowerCase().includes(wanted) || goesBy(el, wanted)).map(asLine);
}
// Acts of this page by the other words that people say for them ("bounced"), from three letters on.
const said = typed => typed.length < 3 ? [] : [...document.querySelectorAll("main [data-also]")].filter(el => goesBy(el, typed.toLowerCase()));
const goesBy = (el, wanted) => (el.dataset.also ?? "").toLowerCase().split(", ").some(word => wanted && word.startsWith(wanted));
function asLine(el, n) {
  const line = document.createElement("a");
  Object.assign(line, { id: `palette-local-${n}`, href: el.href || "#", tabIndex: -1 });
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  const keys = el.dataset.key || "";
  const copy = el.cloneNode(true);
  copy.querySelectorAll("kbd, .rail-count").forEach(part => part.remove());
  const words = Object.assign(document.createElement("span"), { className: "palette-label", textContent: copy.textContent.trim() });
  line.append(words);
  if (keys) line.append(Object.assign(document.createElement("kbd"), { textContent: keys.toUpperCase() }));
  line.addEventListener("click", event => { event.preventDefault(); dialog.close(); el.click(); });
  return line;
}
function offer(lines, empty = "Nothing found.") {
  list.replaceChildren(...lines);
  settle(empty);
}
function settle(empty = "Nothing found.") {
  const lines = options();
  waits = false;
  list.dataset.empty = empty;
  at = Math.max(lines.findIndex(line => line.href === picked), Math.min(0, lines.length - 1));
  move(0);
  list.toggleAttribute("data-none", !lines.length);
  if (entered && dialog.open) choose(entered);
  document.dispatchEvent(new CustomEvent("lamp:say", { detail: lines.length ? `${lines.length} ${lines.length === 1 ? "match" : "matches"}` : empty }));
}
const options = () => [...list.querySelectorAll("[role=option]")];
function move(step) {
  const lines = options();
  at = lines.length ? (at + step + lines.length) % lines.length : -1;
  lines.forEach((line, n) => line.setAttribute("aria-selected", String(n === at)));
  if (at >= 0) { input.setAttribute("aria-activedescendant", lines[at].id); lines[at].scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
}
function choose(event) {
  const line = options()[at];
  entered = null;
  if (line && event.shiftKey) window.open(line.href, "_blank", "noopener");
  else line?.click();
}
input?.addEventListener("input", update);
input?.addEventListener("keydown", event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { event.preventDefault(); move(step); picked = options()[at]?.href ?? null; }
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (waits && !picked) entered = event; // never the first line of what was typed before
  else choose(event);
});
