// Keeps the program on the tablet, so that it opens without a network.
//
// One cache per version, filled with all files or not at all. A new version waits: it takes over
// when the page says so, which it does when nothing is unsaved or on its way. Data is never kept
// here: requests to /api, /sync and /healthz pass by untouched.

// Both lines are written by `cargo xtask`, from the files themselves.
const VERSION = "{{version}}";
const FILES = {{files}};

const CACHE_PREFIX = "floorbook-";
const CACHE = CACHE_PREFIX + VERSION;
const NEVER = ["/api", "/sync", "/healthz"];

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOldCaches());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") {
    event.waitUntil(self.skipWaiting());
  }
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (NEVER.some((path) => url.pathname === path || url.pathname.startsWith(path + "/"))) return;
  if (request.mode === "navigate") {
    // Every place of the app is the same page; the address is read by the program.
    event.respondWith(kept("/", request));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(kept(url.pathname, request));
  }
});

async function install() {
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(FILES.map((path) => keep(cache, path)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function keep(cache, path) {
  // A name under /assets carries the hash of its content: what an older version has already
  // brought here need not come over the network again.
  const known = path.startsWith("/assets/") ? await caches.match(path) : undefined;
  const response = known ?? (await fetch(path, { cache: "reload", credentials: "same-origin" }));
  if (!response.ok || response.redirected) {
    throw new Error(`${path}: ${response.status}`);
  }
  await cache.put(path, response);
}

async function removeOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  // The browser may drop caches under pressure; then the network is the only place left.
  return (await cache.match(path)) ?? fetch(request);
}
