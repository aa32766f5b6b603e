// Forms: sent once, busy while they are, drafts kept in this browser, uploads with progress.
const body = document.body;
const drafts = `lamplighter.draft.${body.dataset.user}.`;
const WEEK = 7 * 86400e3;
const on = (type, act, capture = false) => document.addEventListener(type, act, capture);

// Sending -----------------------------------------------------------------
const buttons = form => [...form.querySelectorAll("[type=submit]"), ...(form.id ? document.querySelectorAll(`[form="${form.id}"]`) : [])];
const timers = new WeakMap();

function busy(form, pressed) {
  form.dataset.sent = "1";
  for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
  timers.set(form, setTimeout(() => {
    const button = pressed || form.querySelector(".btn-primary[type=submit]");
    if (button?.dataset.busy) { button.dataset.words = button.textContent; button.textContent = button.dataset.busy; }
  }, 300));
}
function ready(form) {
  clearTimeout(timers.get(form));
  delete form.dataset.sent;
  for (const button of buttons(form)) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.words) { button.textContent = button.dataset.words; delete button.dataset.words; }
  }
}
on("submit", event => {
  const form = event.target.closest("form[data-sends]");
  if (!form) return;
  if (form.dataset.sent || (!navigator.onLine && form.matches("[data-once]"))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // After this turn of events, so that the pressed button's value is still sent.
  setTimeout(() => { if (form.isConnected) busy(form, event.submitter); });
  if (form.dataset.draft && !form.matches("#panel *")) sessionStorage.setItem("lamplighter.sent", form.dataset.draft);
}, true);
on("htmx:afterRequest", event => { if (event.target.matches?.("form[data-sends]")) setTimeout(() => ready(event.target)); });
addEventListener("pageshow", event => { if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(ready); });
on("htmx:xhr:progress", event => {
  const bar = event.target.querySelector?.("progress.upload");
  if (bar && event.detail.lengthComputable) { bar.hidden = false; bar.value = 100 * event.detail.loaded / event.detail.total; }
});

// Drafts ------------------------------------------------------------------
const kept = form => [...form.elements].filter(field =>
  field.name && !field.closest("[data-no-draft]") && !["hidden", "password", "file", "submit", "button"].includes(field.type));
const ticks = field => field.type === "checkbox" || field.type === "radio";
export const forget = name => localStorage.removeItem(drafts + name);

function keep(form) {
  const values = kept(form).map(field => [field.name, field.value, ticks(field) ? field.checked : true]);
  localStorage.setItem(drafts + form.dataset.draft, JSON.stringify({ at: Date.now(), values }));
}
function restore(form) {
  const draft = JSON.parse(localStorage.getItem(drafts + form.dataset.draft) || "null");
  if (!draft || document.querySelector(".error-summary")) return;
  const first = new FormData(form);
  for (const [name, value, checked] of draft.values) {
    for (const field of kept(form)) {
      if (field.name !== name) continue;
      if (!ticks(field)) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
  const now = new FormData(form);
  if ([...now.keys()].every(name => String(now.getAll(name)) === String(first.getAll(name)))) return;
  const note = document.createElement("p");
  note.className = "draft-note";
  note.innerHTML = 'Your draft is back. <button type="button" class="link">Start again</button>';
  note.lastElementChild.addEventListener("click", () => { forget(form.dataset.draft); form.reset(); note.remove(); });
  form.prepend(note);
}
let saving;
on("input", event => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(saving);
  saving = setTimeout(() => { if (!form.dataset.done) keep(form); }, 150);
});
on("lamp:keep", event => { if (event.target.matches("form[data-draft]")) keep(event.target); });
on("lamp:done", event => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) { form.dataset.done = "1"; clearTimeout(saving); forget(form.dataset.draft); }
});
on("click", event => { const form = event.target.closest("[data-discard]")?.closest(".panel-body, .alone")?.querySelector("form[data-draft]"); if (form) forget(form.dataset.draft); }, true);
const sent = sessionStorage.getItem("lamplighter.sent");
if (sent) { sessionStorage.removeItem("lamplighter.sent"); if (!document.querySelector(".problem")) forget(sent); }
for (const key of Object.keys(localStorage)) {
  if (key.startsWith("lamplighter.draft.") && Date.now() - (JSON.parse(localStorage.getItem(key)).at || 0) > WEEK) localStorage.removeItem(key);
}
document.querySelectorAll("form[data-draft]").forEach(restore);
on("htmx:afterSwap", event => event.detail.target.querySelectorAll("form[data-draft]").forEach(restore));
