// Starts the worker program in its dedicated worker. What the page posts before the program listens
// would be lost, so it waits here.
import start from "./{{worker.js}}";

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
