// What is cut off, covered or too wide. Runs in the page, inside a function of its own.

const scope = () => [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;

const isShown = (element) => {
  const box = element.getBoundingClientRect();
  // What is for screen readers alone has the size of a pixel.
  return element.checkVisibility({ checkVisibilityCSS: true }) && box.width > 1 && box.height > 1
    && element.closest("[inert], .for-readers, option") === null;
};

const shown = (element) => element?.outerHTML.replace(/\s+/g, " ").slice(0, 160);

// The link to the content lies above the screen until it has the focus.
const CONTROLS = "a[href]:not(.skip), button:enabled, input:enabled, select:enabled, textarea:enabled, summary";

// Fractions of a pixel are nobody's loss.
const SLACK = 1;

const isCovered = (control) => {
  control.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const { left, top, width, height } = control.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  // An open menu covers what it likes: it goes with the next key or tap.
  const isItself = hit !== null && (control.contains(hit) || hit.contains(control)
    || hit.closest("[role=menu]") !== null
    || [...(control.labels ?? [])].some((label) => label.contains(hit)));
  return isItself ? null : `${shown(hit)} covers ${shown(control)}`;
};

const isHidden = (overflow) => overflow === "hidden" || overflow === "clip";

// Where the words of an element itself are drawn.
const wordsOf = (element) => [...element.childNodes]
  .filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "")
  .map((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getBoundingClientRect();
  });

// Words end at what cuts them off, unless it says with three dots that there are more.
const isCut = (element) => {
  for (const words of wordsOf(element)) {
    for (let outer = element; outer !== null && outer !== document.body; outer = outer.parentElement) {
      const { overflowX, overflowY, textOverflow, display } = getComputedStyle(outer);
      if (textOverflow === "ellipsis" && isHidden(overflowX)) break;
      // What scrolls can be scrolled, and what is further out holds all of it.
      if ([overflowX, overflowY].some((way) => way === "auto" || way === "scroll")) break;
      const box = outer.getBoundingClientRect();
      const isWide = words.left < box.left - SLACK || words.right > box.right + SLACK;
      const isHigh = words.top < box.top - SLACK || words.bottom > box.bottom + SLACK;
      if (isHidden(overflowX) && isWide || isHidden(overflowY) && isHigh) {
        return `${shown(outer)} cuts off “${element.textContent.trim().slice(0, 40)}”`;
      }
      // A button or a row is as large as its words, or they lie on what is beside it.
      const isControl = outer.matches("a, button, summary, .chip span, .row") && display !== "inline";
      if (isControl && (isWide || isHigh)) {
        return `“${element.textContent.trim().slice(0, 40)}” sticks out of ${shown(outer)}`;
      }
    }
  }
  return null;
};

// Tables may be wider than the screen, and scroll in a place of their own.
const isTooWide = (element) => {
  const isScrolled = element === document.scrollingElement
    || ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  if (!isScrolled || element.matches(".table-scroll, textarea, input")) return null;
  if (element.scrollWidth <= element.clientWidth + SLACK) return null;
  const { right } = element.getBoundingClientRect();
  const isOut = (part) => part.getBoundingClientRect().right > right + SLACK;
  const out = [...element.querySelectorAll("*")].filter((part) => isShown(part) && isOut(part));
  // The innermost one is the reason.
  const reason = out.find((part) => ![...part.children].some(isOut));
  return `${shown(element).slice(0, 60)} is ${element.scrollWidth - element.clientWidth} px too wide for ${shown(reason)}`;
};

const troubles = () => {
  const all = [scope(), ...scope().querySelectorAll("*")].filter(isShown);
  const found = [document.scrollingElement, ...all].map(isTooWide);
  found.push(...all.map(isCut));
  const places = all.filter((element) => element.scrollTop !== 0).map((element) => [element, element.scrollTop]);
  found.push(...all.filter((element) => element.matches(CONTROLS)).map(isCovered));
  for (const element of all) element.scrollTop = 0;
  for (const [element, top] of places) element.scrollTop = top;
  return [...new Set(found.filter((trouble) => trouble !== null))];
};
