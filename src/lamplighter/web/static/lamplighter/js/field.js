// The crew's phone. What is entered is kept here first and then sent, once and in order, when there is a signal.
const KEPT = "lamplighter-field";
const user = document.body.dataset.user;
const outbox = document.getElementById("outbox");
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

// Kept reports ------------------------------------------------------------
const opened = new Promise((done, fail) => {
  const request = indexedDB.open(KEPT, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("reports", { keyPath: "id", autoIncrement: true });
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});
async function stored(mode, act) {
  const store = (await opened).transaction("reports", mode).objectStore("reports");
  return new Promise((done, fail) => {
    const request = act(store);
    store.transaction.oncomplete = () => done(request.result);
    store.transaction.onabort = () => fail(store.transaction.error);
  });
}
const keep = report => stored("readwrite", store => store.put(report));
const drop = id => stored("readwrite", store => store.delete(id));
const waiting = async () => (await stored("readonly", store => store.getAll()))
  .filter(report => report.user === user); // in the order in which they were kept

// Filling in --------------------------------------------------------------
function odd(form) {
  for (const field of form.querySelectorAll("[data-last]")) {
    const { last, most, modulus } = field.dataset;
    const used = (((Number(field.value) - last) % modulus) + Number(modulus)) % modulus;
    const twice = form.elements[field.name.replace("read_", "twice_")];
    if (used > most && !twice.checked) return [field, twice];
  }
  return null;
}
function ask([field, twice]) {
  let words = document.getElementById(`${field.id}_odd`);
  if (!words) {
    words = Object.assign(document.createElement("p"), { id: `${field.id}_odd`, className: "field-error" });
    field.after(words);
    field.setAttribute("aria-describedby", words.id);
  }
  words.setAttribute("role", "alert");
  words.textContent = `The last read was ${Number(field.dataset.last).toLocaleString("en-US")}. Look at the dials again; if it is so, tick the box.`;
  twice.focus();
}
document.addEventListener("submit", async event => {
  const form = event.target.closest("form[data-field]");
  if (!form) return;
  event.preventDefault();
  const doubt = odd(form);
  if (doubt) { ask(doubt); return; }
  if (form.dataset.kept) return;
  if ("now" in form.dataset && !navigator.onLine) { say(form, "This one needs a signal: it is checked once more before you begin."); return; }
  form.dataset.kept = "1";
  const draft = crypto.randomUUID?.() || form.elements.draft?.value || String(Date.now());
  const now = new Date().toISOString();
  const given = { csrfmiddlewaretoken: null, draft, found_at: now };
  const fields = [...new FormData(form)].filter(([name, value]) => !(name in given) && !(value instanceof File && !value.size));
  try {
    const old = (await waiting()).find(report => report.refused && report.url === form.action);
    await keep({ user, url: form.action, page: location.pathname, words: form.dataset.field, refused: "", fields: [...fields, ["draft", draft], ["found_at", now]] });
    if (old) await drop(old.id);
  } catch {
    delete form.dataset.kept;
    say(form, "This phone has no room left to keep it. Send it while there is a signal.");
    return;
  }
  form.querySelector("[type=submit]").setAttribute("aria-disabled", "true");
  form.dispatchEvent(new CustomEvent("lamp:done", { bubbles: true, detail: { message: "Kept on this phone.", undo: "", refresh: ["-"] } }));
  await show();
  await send();
});
function say(form, words) {
  const line = form.querySelector(".field-error") || form.appendChild(Object.assign(document.createElement("p"), { className: "field-error" }));
  line.setAttribute("role", "alert");
  line.textContent = words;
}

// Sending -----------------------------------------------------------------
const AGAIN = 15_000; // milliseconds: a phone seldom says when its signal is really back
let later = 0;
async function sendAll() {
  let sent = false;
  for (const report of await waiting()) {
    if (report.refused) continue;
    const body = new FormData();
    for (const [name, value] of report.fields) body.append(name, value);
    const answer = await fetch(report.url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": token() } }).catch(() => null);
    if (!answer) break;
    if (answer.ok) { await drop(report.id); sent = true; continue; }
    if (answer.type === "opaqueredirect" || answer.status === 403) { hint = "Open the route again and sign in, then these are sent. If they stay, ask the dispatcher."; break; }
    if (answer.status >= 500) break;
    const why = answer.status === 422 ? (await answer.json()).message : "It was not accepted. Ask the dispatcher.";
    await keep({ ...report, refused: why });
  }
  clearTimeout(later);
  if ((await show()).some(report => !report.refused)) later = setTimeout(send, AGAIN);
  if (sent && document.querySelector("[data-state], [data-route], [data-keep-page]")) location.reload();
}
let hint = "";
const send = () => navigator.locks ? navigator.locks.request(KEPT, { ifAvailable: true }, lock => lock && sendAll()) : sendAll();

async function show() {
  const list = await waiting();
  outbox.hidden = !list.length;
  outbox.querySelector("ul").replaceChildren(...list.map(line));
  if (hint && list.length) outbox.querySelector("ul").append(Object.assign(document.createElement("li"), { textContent: hint }));
  return list;
}
function line(report) {
  const item = Object.assign(document.createElement("li"), { textContent: report.words });
  if (!report.refused) return item;
  item.append(Object.assign(document.createElement("span"), { className: "field-refused", textContent: report.refused }));
  item.append(Object.assign(document.createElement("a"), { className: "btn", href: report.page, textContent: "Correct it" }));
  const remove = Object.assign(document.createElement("button"), { className: "btn", type: "button", textContent: "Throw away" });
  remove.addEventListener("click", async () => { await drop(report.id); await show(); });
  item.append(remove);
  return item;
}
async function restore() {
  const refused = (await waiting()).filter(report => report.refused);
  for (const form of document.querySelectorAll("form[data-field]")) {
    const report = refused.find(one => one.url === form.action && one.words === form.dataset.field);
    if (!report) continue;
    form.closest("details")?.setAttribute("open", "");
    for (const field of form.elements) {
      const said = report.fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (!said.length || ["hidden", "file"].includes(field.type)) continue;
      if (["radio", "checkbox"].includes(field.type)) field.checked = said.includes(field.value) || (field.type === "checkbox" && said.includes("on"));
      else field.value = said[0];
    }
  }
}

// Pages of the day --------------------------------------------------------
async function keepPages() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(outbox.dataset.worker, { scope: outbox.dataset.scope || "/field/" });
  if (document.querySelector("[data-keep-page]") && navigator.onLine) await (await caches.open(KEPT)).addAll([location.href, ...[...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map(link => link.href), ...[...document.scripts].map(script => script.src).filter(Boolean)]);
  const stops = document.querySelector("[data-route]");
  if (!stops || !navigator.onLine) return;
  await caches.delete(KEPT);
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map(link => link.href);
  const scripts = [...document.scripts].map(script => script.src).filter(Boolean);
  const pages = [...stops.querySelectorAll("a")].map(link => link.href);
  const cache = await caches.open(KEPT);
  await Promise.allSettled([location.href, ...pages, ...parts, ...scripts].map(url => cache.add(url)));
  stops.dataset.kept = "1";
}
document.addEventListener("submit", event => { if (event.target.matches("[data-signout]")) caches?.delete(KEPT); });
addEventListener("online", send);
await show();
await restore();
if (navigator.onLine) await send();
await keepPages().catch(() => {});
