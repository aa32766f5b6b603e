// What a person does at a form, asked of the page itself: Playwright's own way puts a large script into each page that
// is clicked on, which takes the browser half as long as the page.
const PATIENCE = 20_000, FROZEN = "color date time datetime-local month range week".split(" ");
const BUTTON = "button:not([type=button], [disabled])", TICKED = ["on", "true", "1", "True"];
const shown = one => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0;
const frame = () => new Promise(requestAnimationFrame);
const forms = url =>
  [...document.querySelectorAll("form[method=post]")].filter(one => one.getAttribute("action") === url);

// What `look` gives, as soon as it gives more than the words of why not.
async function patiently(look) {
  for (const until = performance.now() + PATIENCE; ; await frame()) {
    const seen = look();
    if (typeof seen !== "string") return seen;
    if (performance.now() > until) throw new Error(seen);
  }
}

// Where to click on it: it stands still, and nothing covers it. The label of a box is as good as the box.
function spot(find) {
  let last = "";
  return patiently(() => {
    const one = find(), before = last;
    if (!one) return "it is not there, or it may not be pressed";
    one.scrollIntoView({ block: "center", behavior: "instant" });
    const [box] = one.getClientRects();
    last = box && `${box.x} ${box.y}`;
    if (!box || !shown(one)) return `not to be seen: ${one.outerHTML}`;
    if (last !== before) return `never stands still: ${one.outerHTML}`;
    const at = [box.x + box.width / 2, box.y + box.height / 2], hit = document.elementFromPoint(...at);
    const reached = one.contains(hit) || hit?.closest("label")?.control === one;
    return reached ? at : `${hit?.outerHTML} lies on ${one.outerHTML}`;
  });
}

// The summary to be clicked first, if something is folded away.
function folded(one) {
  let outer = null;
  if (!shown(one)) for (let up = one; (up = up.parentElement?.closest("details:not([open])")); ) outer = up;
  return outer?.querySelector("summary");
}

const acts = {
  // The first form that goes to an address and whose fields that the page sets by itself are as told: one of many
  // forms on a page may be each of a row.
  find(url, said, kept) {
    const nth = forms(url).findIndex(form => Object.entries(said).every(([name, value]) => {
      const own = form.elements[name];
      return own?.type !== "hidden" || kept.includes(name) || own.value === value;
    }));
    return nth < 0 ? null : nth;
  },

  async unfold(url, nth) {
    const summary = folded(forms(url)[nth]);
    return summary ? { click: await spot(() => summary) } : {};
  },

  // One step towards a field's being answered: where to click, what it is that hands other than these must do, or {}.
  async fill(url, nth, name, wanted, kept) {
    const all = [...forms(url)[nth].elements].filter(one => one.name === name), [first] = all;
    if (!first) return { is: "nothing" };
    if (first.type === "submit") return { is: "button" };
    if (first.type === "hidden") {
      if (kept.includes(name) || first.value === wanted[0]) return {};
      throw new Error(`${name} is ${first.value} on the page, not ${wanted[0]}`);
    }
    const summary = folded(first);
    if (summary) return { click: await spot(() => summary) };
    if (first.type === "file") return { is: "file" };
    if (first.type === "radio" || first.type === "checkbox") {
      const single = first.type === "checkbox" && all.length === 1 && wanted.some(value => TICKED.includes(value));
      const wrong = all.find(one => {
        const now = wanted.includes(one.value) || single;
        return now !== one.checked && (now || one.type === "checkbox");
      });
      return wrong ? { click: await spot(() => wrong) } : {};
    }
    await patiently(() => (!first.disabled && !first.readOnly && shown(first)) || `${name} may not be written in`);
    if (first.matches("select")) {
      const chosen = await patiently(() => {
        const found = [...first.options].filter(one => wanted.includes(one.value) || wanted.includes(one.label));
        return found.length ? found : `${name} has no ${wanted}: ${[...first.options].map(one => one.value)}`;
      });
      for (const one of first.options) one.selected = chosen.includes(one);
    } else if (FROZEN.includes(first.type)) {
      [first.value] = wanted;
      if (first.value !== wanted[0]) throw new Error(`${name} takes no ${wanted[0]}`);
    } else {
      first.focus();
      first.select();
      return { is: "text" };
    }
    first.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    first.dispatchEvent(new Event("change", { bubbles: true }));
    return {};
  },

  // Where the link of the page is that reads so, or begins so: some say more to who only hears them.
  async follow(words) {
    const begins = one => one.textContent.trim().split(/\s+/).join(" ").startsWith(words) && shown(one);
    return { click: await spot(() => [...document.querySelectorAll("main a[href]")].find(begins)) };
  },

  // Where its button is, or the one that says so.
  async press(url, nth, name, value) {
    const button = () => [...(forms(url)[nth]?.elements ?? [])].find(one =>
      one.matches(BUTTON) && (!name || (one.name === name && one.value === value)));
    return { click: await spot(button) };
  },
};
