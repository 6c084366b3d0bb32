// Runs in the page before the app does, and says when something that the app did was painted.
(() => {
  const bench = { longTasks: [] };
  globalThis.floorbookBench = bench;

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.longTasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  // The time behind the next frame: a message that is sent while a frame is made comes after it.
  const painted = () => new Promise((done) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(null);
    });
  });

  const changes = { subtree: true, childList: true, characterData: true, attributes: true };

  // The time when the first frame was painted in which `isDone()`.
  const until = (isDone) => new Promise((done) => {
    const look = () => {
      if (!isDone()) return;
      observer.disconnect();
      done(painted());
    };
    const observer = new MutationObserver(look);
    observer.observe(document, changes);
  });

  const shows = (selector) => document.querySelector(selector) !== null;

  // From the start of the navigation until there is somebody to be tapped.
  bench.started = until(() => shows(".person-tile"));

  // Measures from the next event of a person until the first frame in which `isDone()`.
  bench.arm = (types, isDone) => {
    bench.lap = new Promise((done, fail) => {
      const begin = (event) => {
        if (!event.isTrusted) return;
        types.forEach((type) => removeEventListener(type, begin, true));
        bench.began = event.timeStamp;
        done(until(isDone).then((end) => end - event.timeStamp));
      };
      types.forEach((type) => addEventListener(type, begin, true));
      setTimeout(() => fail(new Error("the event did not arrive")), 20_000);
    });
  };

  // From when on the work of the day counts as many items as it still does in the end.
  bench.followToday = () => {
    let last = null;
    bench.todaySettled = null;
    const look = () => {
      const counts = [...document.querySelectorAll(".today .group-count")].map((count) => count.textContent);
      const shown = counts.join(" ");
      if (counts.length === 0 || shown === last) return;
      last = shown;
      painted().then((end) => {
        if (shown === last) bench.todaySettled = end - bench.began;
      });
    };
    new MutationObserver(look).observe(document, changes);
  };

  // Where to tap something, or nothing while it can't be hit.
  bench.place = (selector) => {
    const element = document.querySelector(selector);
    if (element === null || element.disabled) return null;
    element.scrollIntoView({ block: "nearest", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    return hit !== null && element.contains(hit) ? { x, y } : null;
  };

  // How many customers the list says that it shows.
  bench.count = () => Number(document.querySelector(".list-count")?.textContent.replace(/\D/g, "") || NaN);
  bench.shows = shows;
})();
