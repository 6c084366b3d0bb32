// Starts the screen program. A file of its own, because the page's security policy admits no
// inline script.
import start from "./{{screen.js}}";

try {
  await start({ module_or_path: new URL("./{{screen.wasm}}", import.meta.url) });
} catch (error) {
  document.querySelector(".splash-note")?.setAttribute("hidden", "");
  document.querySelector(".splash-trouble")?.removeAttribute("hidden");
  throw error;
}
