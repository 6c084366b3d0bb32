// Starts the worker program in its dedicated worker. What the page posts before the program listens
// would be lost, so it waits here.
import start from "./{{worker.js}}";

// A trap ends the program and leaves it unable to say anything; before it touches a document it
// notes which one in `floorbookWorksOn`. The page starts another worker and tells it.
let hasTrapped = false;
const tellTrap = () => {
  if (hasTrapped) return;
  hasTrapped = true;
  const document = self.floorbookWorksOn ?? null;
  self.postMessage(JSON.stringify({ Trapped: { document } }));
};
self.addEventListener("error", (event) => {
  event.preventDefault();
  tellTrap();
});
// A trap in what was waited for comes as a rejection. Others are no traps: the program lives.
self.addEventListener("unhandledrejection", (event) => {
  const isTrap = event.reason instanceof WebAssembly.RuntimeError || event.reason instanceof RangeError;
  if (!isTrap) return;
  event.preventDefault();
  tellTrap();
});

const early = [];
const keep = (event) => {
  event.stopImmediatePropagation();
  early.push(event.data);
};
self.addEventListener("message", keep);

await start({ module_or_path: new URL("./{{worker.wasm}}", import.meta.url) });

self.removeEventListener("message", keep);
for (const data of early) {
  self.dispatchEvent(new MessageEvent("message", { data }));
}
