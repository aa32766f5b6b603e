// Interval data: uPlot in the browser, with words for those who do not see it, and arrow keys that read points.
const root = getComputedStyle(document.documentElement);
const color = name => root.getPropertyValue(`--ll-${name}`).trim();
let library = null;

function load(figure) {
  library ??= new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: figure.dataset.style }));
    document.head.append(Object.assign(document.createElement("script"), { src: figure.dataset.lib, onload: done, onerror: failed }));
  });
  return library;
}
async function draw(figure) {
  figure.dataset.drawn = "1";
  const box = figure.querySelector(".plot");
  try {
    const [answer] = await Promise.all([fetch(figure.dataset.plot), load(figure)]);
    if (!answer.ok) throw new Error(answer.status);
    show(figure, box, await answer.json());
  } catch {
    box.textContent = "The readings did not come. Reload the page to try again.";
  }
  box.removeAttribute("aria-busy");
}
// data: {zone, x: [seconds], series: [{name, values: [number|null], style, dash}], band: {label, from, to} in hours}
function show(figure, box, data) {
  const zoned = seconds => uPlot.tzDate(new Date(seconds * 1000), data.zone);
  const axis = { font: "12px Public Sans, sans-serif", labelFont: "12px Public Sans, sans-serif", stroke: color("muted"), grid: { stroke: color("line"), width: 1 }, ticks: { stroke: color("line"), width: 1 } };
  const styles = ["blue", "orange-mark", "teal", "purple"];
  const plot = new uPlot({
    width: box.clientWidth, height: 240, tzDate: zoned, cursor: { drag: { x: true, y: false } },
    axes: [axis, { ...axis, label: figure.dataset.unit, labelSize: 18, size: 52 }],
    series: [{}, ...data.series.map((series, n) => ({ label: series.name, stroke: color(series.style || styles[n]), width: 1.25, dash: series.dash, spanGaps: false, points: { show: false } }))],
  }, [data.x, ...data.series.map(series => series.values)], box);
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 240 })).observe(box);
  const words = new Intl.DateTimeFormat("en-US", { timeZone: data.zone, weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
  let point = data.x.length;
  box.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 96, PageUp: -96, Home: -data.x.length, End: data.x.length }[event.key];
    if (!step) return;
    event.preventDefault();
    point = Math.max(0, Math.min(data.x.length - 1, point + step));
    plot.setCursor({ left: plot.valToPos(data.x[point], "x"), top: 10 });
    const values = data.series.map(series => `${series.name} ${series.values[point] ?? "missing"} ${figure.dataset.unit}`);
    figure.querySelector(".plot-point").textContent = `${words.format(new Date(data.x[point] * 1000))}: ${values.join(", ")}`;
  });
}
const scan = () => document.querySelectorAll("[data-plot]:not([data-drawn])").forEach(draw);
document.addEventListener("htmx:afterSettle", scan);
scan();
