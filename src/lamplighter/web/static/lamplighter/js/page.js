// Every page: what was said aloud, where focus goes, toasts with undo, the session's end, a lost line.
const on = (type, act, capture = false) => document.addEventListener(type, act, capture);
const region = document.getElementById("say");
const headers = () => JSON.parse(document.body.getAttribute("hx-headers"));

export function say(words) {
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 50);
}
on("lamp:say", event => say(event.detail));

// Focus: an error first, else what the fragment names, else its heading if it came into the panel.
function attend(root) {
  const place = root.querySelector("[data-focus]") || (root.id === "panel" ? root.querySelector("[autofocus]") || root.querySelector("h2[tabindex]") : null);
  place?.focus();
  const words = root.dataset.say || (root.id === "panel" && root.querySelector("[data-say]")?.dataset.say);
  if (words) say(words);
}
on("htmx:afterSettle", event => attend(event.detail.elt.isConnected ? event.detail.elt : document.body));
document.querySelector("[data-focus]")?.focus();
on("click", event => {
  const link = event.target.closest(".error-summary a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) { event.preventDefault(); field.focus(); }
  event.target.closest("[data-dismiss]")?.closest(".problem").remove();
});

// Waiting: after 300 ms a thin bar.
let waits;
on("htmx:beforeRequest", event => {
  if (event.detail.elt.closest(".run")) return;
  clearTimeout(waits);
  waits = setTimeout(() => document.body.classList.add("waiting"), 300);
});
on("htmx:afterRequest", () => { clearTimeout(waits); document.body.classList.remove("waiting"); });

// Toasts.
const toasts = document.getElementById("toasts");
function pass(line) {
  let timer;
  const start = () => { timer = setTimeout(() => line.remove(), 10e3); };
  const stop = () => clearTimeout(timer);
  for (const type of ["mouseenter", "focusin"]) line.addEventListener(type, stop);
  for (const type of ["mouseleave", "focusout"]) line.addEventListener(type, start);
  start();
}
toasts.querySelectorAll(".toast-line").forEach(pass);
export function toast(message, undo) {
  const line = document.createElement("div");
  line.className = "toast-line";
  line.append(Object.assign(document.createElement("span"), { textContent: message }));
  if (undo) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "Undo" });
    button.dataset.undo = undo;
    line.append(button);
  }
  toasts.append(line);
  pass(line);
}
on("click", async event => {
  const button = event.target.closest("[data-undo]");
  if (!button || button.disabled) return;
  button.disabled = true;
  const answer = await fetch(button.dataset.undo, { method: "POST", headers: headers() }).catch(() => null);
  button.closest(".toast-line").remove();
  say(answer?.ok ? "Undone." : "It could not be undone.");
  toast(answer?.ok ? "Undone." : "It could not be undone. Reload the page to see why.");
  if (answer?.ok) refresh();
});
export function refresh(names = []) {
  for (const panel of document.querySelectorAll("[data-refresh]")) {
    if (!names.length || names.includes(panel.dataset.refresh)) htmx.trigger(panel, "refresh");
  }
}
on("lamp:done", event => {
  const { message, undo, refresh: names } = event.detail;
  say(message);
  toast(message, undo);
  refresh(names);
});
on("lamp:run-ended", () => refresh());

// Session: two minutes before its end one key extends it.
const dialog = document.getElementById("session");
let ending;
function count(seconds) {
  clearTimeout(ending);
  ending = setTimeout(() => { dialog.showModal(); ending = setTimeout(() => location.reload(), 120e3); }, Math.max(0, seconds - 120) * 1000);
}
if (document.body.dataset.session) {
  count(Number(document.body.dataset.session));
  on("htmx:afterRequest", event => {
    const left = event.detail.xhr?.getResponseHeader("Session-Seconds");
    if (left && !dialog.open) count(Number(left));
  });
  dialog.addEventListener("close", async () => {
    const answer = await fetch(document.body.dataset.keep, { method: "POST", headers: headers() }).catch(() => null);
    if (answer?.ok) { count(Number(answer.headers.get("Session-Seconds"))); say("You stay signed in."); }
  });
}

// Lost connection.
const banner = document.getElementById("offline");
const line = up => { if (banner) banner.hidden = up; };
addEventListener("offline", () => line(false));
addEventListener("online", () => line(true));
on("htmx:sendError", () => line(false));
on("htmx:afterRequest", event => { if (event.detail.xhr?.status > 0) line(true); });
on("htmx:responseError", () => toast("The server did not answer. Nothing was changed. Try again."));
if (!navigator.onLine) line(false);
