// The line: a call that rings at this desk, and colleagues who have the same page open. Asked while the page is seen.
const place = document.getElementById("watch");
const slot = document.getElementById("panel");
const FIRST = 1000, EVERY = 4000;
const busy = () => !slot.hidden || document.querySelector("dialog[open]") || document.activeElement?.matches("input, textarea, select");

async function look() {
  if (document.hidden) return;
  const subject = encodeURIComponent(place.dataset.subject);
  const answer = await fetch(`${place.dataset.watch}?subject=${subject}`, { headers: { "X-Watching": "1" } }).catch(() => null);
  if (answer?.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) show(await answer.json());
}
function show({ call, here }) {
  const lines = [];
  if (call) {
    const link = Object.assign(document.createElement("a"), { href: call.url, textContent: call.words });
    link.dataset.key = "g r";
    lines.push(line("watch-call", link));
  }
  if (here.length) lines.push(line("watch-here", `${here.join(", ")} ${here.length > 1 ? "have" : "has"} this open too.`));
  const said = lines.map(one => one.textContent).join(" ");
  if (said !== place.textContent) place.replaceChildren(...lines);
  if (call && sessionStorage.getItem("popped") !== String(call.key) && !busy()) {
    sessionStorage.setItem("popped", call.key);
    location.assign(call.url);
  }
}
function line(kind, words) {
  const element = document.createElement("p");
  element.className = kind;
  element.append(words);
  return element;
}
// Who only passes through a page asks nothing.
if (place) { setTimeout(look, FIRST); setInterval(look, EVERY); document.addEventListener("visibilitychange", look); }
