// Keeps the pages of the day for where there is no signal: the network first, else what was kept.
const KEPT = "lamplighter-field";
addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !/^\/(field|key\/visits|static)\//.test(url.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    try {
      const answer = await fetch(request);
      if (answer.ok && !answer.redirected) cache.put(request, answer.clone());
      return answer;
    } catch {
      return (await cache.match(request, { ignoreVary: true })) || Response.error();
    }
  })());
});
