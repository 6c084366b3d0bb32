// Finds what a story means. Runs in the page, inside a function of its own.

const words = (text) => (text ?? "").replace(/\s+/g, " ").trim();

const isVisible = (element) => {
  if (!element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
};

const isReachable = (element) => element.closest("[aria-hidden='true'], [inert]") === null;

const inputRoles = {
  button: "button", submit: "button", reset: "button", image: "button",
  checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", search: "searchbox",
};

const tagRoles = {
  ARTICLE: "article", ASIDE: "complementary", BUTTON: "button", DIALOG: "dialog",
  FIELDSET: "group", FIGURE: "figure", FORM: "form", H1: "heading", H2: "heading", H3: "heading",
  H4: "heading", H5: "heading", H6: "heading", HR: "separator", IMG: "img", LI: "listitem",
  MAIN: "main", METER: "meter", NAV: "navigation", OL: "list", OPTION: "option",
  OUTPUT: "status", PROGRESS: "progressbar", SUMMARY: "button", TABLE: "table",
  TBODY: "rowgroup", TD: "cell", TEXTAREA: "textbox", TH: "columnheader", THEAD: "rowgroup",
  TR: "row", UL: "list",
};

const roleOf = (element) => {
  const given = element.getAttribute("role");
  if (given) return given.split(" ")[0];
  switch (element.tagName) {
    case "INPUT": return element.type === "hidden" ? null : inputRoles[element.type] ?? "textbox";
    case "SELECT": return element.multiple || element.size > 1 ? "listbox" : "combobox";
    case "A": return element.hasAttribute("href") ? "link" : null;
    case "SECTION": return element.matches("[aria-label], [aria-labelledby]") ? "region" : null;
    case "HEADER": return element.closest("main, article, section") ? null : "banner";
    case "FOOTER": return element.closest("main, article, section") ? null : "contentinfo";
    default: return tagRoles[element.tagName] ?? null;
  }
};

// The words of an element as a screen reader would say them: hidden parts are left out, pictures
// speak by their description.
const spoken = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.getAttribute("aria-hidden") === "true" || node.hidden) return "";
  if (node.getAttribute("aria-label")) return node.getAttribute("aria-label");
  if (node.tagName === "IMG") return node.alt;
  if (node.matches("script, style, template")) return "";
  const isBlock = getComputedStyle(node).display !== "inline";
  const inner = [...node.childNodes].map(spoken).join("");
  return isBlock ? ` ${inner} ` : inner;
};

const labelOf = (element) => {
  const ids = element.getAttribute("aria-labelledby");
  if (ids) {
    const named = ids.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean);
    return words(named.map(spoken).join(" "));
  }
  if (element.getAttribute("aria-label")) return words(element.getAttribute("aria-label"));
  if (element.labels?.length) {
    // A label may stand around its field, whose own words are no part of it.
    const spokenLabel = (label) =>
      [...label.childNodes].filter((child) => !child.contains(element)).map(spoken).join(" ");
    return words([...element.labels].map(spokenLabel).join(" "));
  }
  return null;
};

const nameOf = (element) => {
  const label = labelOf(element);
  if (label) return label;
  if (element.matches("fieldset")) return words(spoken(element.querySelector("legend") ?? document.createTextNode("")));
  if (element.matches("input[type=submit], input[type=button], input[type=reset]")) return words(element.value);
  if (element.matches("input, textarea, select")) {
    return words(element.getAttribute("title") ?? element.getAttribute("placeholder"));
  }
  return words(spoken(element)) || words(element.getAttribute("title"));
};

// Exactly this name, or else one that holds it.
const named = (elements, wanted, read) => {
  if (wanted === null) return elements;
  const names = elements.map((element) => [element, read(element) ?? ""]);
  const exact = names.filter(([, name]) => name === words(wanted));
  const chosen = exact.length ? exact : names.filter(([, name]) => name.includes(words(wanted)));
  return chosen.map(([element]) => element);
};

const locate = (what) => {
  const outer = what.inside ? locate(what.inside) : document;
  if (outer === null) return null;
  let found;
  if (what.css !== null) {
    found = [...outer.querySelectorAll(what.css)];
  } else if (what.role !== null) {
    const all = [...outer.querySelectorAll("*")];
    found = all.filter((element) => roleOf(element) === what.role && isReachable(element) && isVisible(element));
    found = named(found, what.name, nameOf);
  } else if (what.label !== null) {
    const fields = "input, textarea, select, [role=textbox], [role=combobox], [role=spinbutton], [role=switch]";
    found = [...outer.querySelectorAll(fields)].filter(isReachable);
    found = named(found, what.label, labelOf);
  } else {
    const wanted = words(what.text);
    const shown = (element) => !element.matches("head, head *, script, style, template");
    const all = [...outer.querySelectorAll("*")].filter(shown);
    const holding = new Set(all.filter((element) => words(element.textContent).includes(wanted)));
    // The innermost ones: no child of theirs holds the words as well.
    found = [...holding].filter((element) => ![...element.children].some((child) => holding.has(child)));
  }
  return found.filter(isVisible)[what.nth] ?? null;
};
