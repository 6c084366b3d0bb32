// What Tab reaches, and whether people see where they are. Runs in the page, inside a function of
// its own.

// An open dialog keeps everything else out.
const scope = () => [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;

const isOperable = (element) => {
  const box = element.getBoundingClientRect();
  return element.checkVisibility({ checkVisibilityCSS: true }) && box.width > 0 && box.height > 0
    && !element.matches(":disabled") && element.closest("[inert], [aria-hidden=true]") === null;
};

const OPERABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, "
  + "[role=button], [role=link], [role=tab], [role=menuitem], [role=option], [tabindex='0']";

// A group is one stop: other keys lead to its members.
const stopOf = (element) => {
  if (element.matches("input[type=radio]")) {
    const name = CSS.escape(element.name);
    return scope().querySelector(`input[type=radio][name="${name}"]`);
  }
  const member = element.closest("[role=tab], [role=menuitem], [data-index]");
  return member?.closest("[role=tablist], [role=menu], [data-list]") ?? element;
};

const operable = () => new Set([...scope().querySelectorAll(OPERABLE)].filter(isOperable).map(stopOf));

const shown = (element) => element?.outerHTML.replace(/\s+/g, " ").slice(0, 160);

// What of an element is not cut off by what scrolls around it, or by the screen.
const inSight = (element) => {
  let { left, top, right, bottom } = element.getClientRects()[0] ?? element.getBoundingClientRect();
  for (let outer = element.parentElement; outer !== null; outer = outer.parentElement) {
    if (outer.matches("body, html") || getComputedStyle(outer).overflow === "visible") continue;
    const box = outer.getBoundingClientRect();
    [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
    [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
    if (getComputedStyle(outer).position === "fixed") break;
  }
  [left, top] = [Math.max(left, 0), Math.max(top, 0)];
  [right, bottom] = [Math.min(right, innerWidth), Math.min(bottom, innerHeight)];
  return { left, top, right, bottom };
};

// A choice that looks like a chip lies unseen over the words that show its state.
const faces = (element) => [element, ...(element.matches("input") ? [element.nextElementSibling, element.closest("label"), element.parentElement] : [])]
  .filter((face) => face !== null);

const hasRing = (element) => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
};

// What is wrong with where the focus is, or null.
const trouble = () => {
  const element = document.activeElement;
  if (element === null || element === document.body) return "nothing has the focus";
  if (!scope().contains(element)) return `the focus is behind the dialog: ${shown(element)}`;
  const { left, top, right, bottom } = inSight(element);
  if (right - left < 1 || bottom - top < 1) return `the focus is out of sight: ${shown(element)}`;
  // A part of the page that is only a place to go on from needs no sign.
  if (element.tabIndex < 0 && !element.matches(OPERABLE)) return null;
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const isCovered = hit === null || !(element.contains(hit) || hit.contains(element)
    || [...(element.labels ?? [])].some((label) => label.contains(hit)));
  if (isCovered) return `${shown(hit)} covers the focus: ${shown(element)}`;
  if (!faces(element).some(hasRing)) return `nothing shows the focus: ${shown(element)}`;
  return null;
};

// Notes where the walk is, and says what it has found.
const note = () => {
  const walk = (window.walkWithTab ??= { reached: new Set(), first: null, hasLeft: false });
  const element = document.activeElement;
  const isNowhere = element === null || element === document.body;
  const stop = isNowhere ? null : stopOf(element);
  if (stop !== null && walk.first === null) walk.first = stop;
  walk.hasLeft ||= walk.first !== null && stop !== walk.first;
  const isRound = walk.hasLeft && stop === walk.first;
  if (stop !== null) walk.reached.add(stop);
  // Behind the last stop is the browser itself, which has no element.
  return { isRound, isNowhere, at: shown(element), trouble: isNowhere ? null : trouble() };
};

const missed = () => {
  const { reached } = window.walkWithTab;
  return [...operable()].filter((stop) => !reached.has(stop)).map(shown);
};
