// Keeps the page's own files for when there is no line: always asks the server first, never touches what people say.
const KEPT = 'parley-page';
const SHELL = ['./', 'assets/js/app.js', 'assets/css/page.css', 'assets/vendor/marked.js', 'assets/vendor/dompurify.js', 'assets/icon.svg', 'assets/manifest.webmanifest'];
const within = (url) => new URL(url).origin === location.origin && (url.startsWith(new URL('assets/', registration.scope).href) || url === registration.scope);

addEventListener('install', (event) => {
  // What the page itself has just fetched is taken from the browser's own cache.
  event.waitUntil(caches.open(KEPT)
    .then((cache) => Promise.all(SHELL.map(async (path) => {
      const url = new URL(path, registration.scope).href;
      const response = await fetch(url, { cache: 'force-cache' });
      if (response.ok) await cache.put(url, response);
    })))
    .then(() => skipWaiting()));
});

addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = request.url.replace(/[?#].*$/, '');
  if (request.method !== 'GET' || !within(url)) return;
  event.respondWith(fetch(request).then((response) => {
    if (response.ok && response.status === 200) {
      const copy = response.clone();
      event.waitUntil(caches.open(KEPT).then((cache) => cache.put(url, copy)));
    }
    return response;
  }).catch(async (error) => {
    const kept = await (await caches.open(KEPT)).match(url);
    if (kept) return kept;
    throw error;
  }));
});
