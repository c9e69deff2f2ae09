// The service worker: the whole app works without network. Its list of files is written into it by the server, so that
// a new build is a new worker.
declare const PARICHA_FILES: string[];
declare const PARICHA_BUILD: string;
const scope = self as unknown as ServiceWorkerGlobalScope;
const STORE = `paricha-field-${PARICHA_BUILD}`;
const SHELL = "/field/app/";

scope.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(STORE)
      .then((cache) => cache.addAll([SHELL, ...PARICHA_FILES].map((file) => new Request(file, { cache: "reload", credentials: "omit" }))))
      .then(() => scope.skipWaiting()),
  );
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("paricha-field-") && name !== STORE).map((name) => caches.delete(name))))
      .then(() => scope.clients.claim()),
  );
});

scope.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const wanted = url.pathname === SHELL ? SHELL : PARICHA_FILES.includes(url.pathname) ? url.pathname : null;
  if (!wanted) return;
  event.respondWith(caches.open(STORE).then(async (cache) => (await cache.match(wanted)) ?? fetch(request)));
});
