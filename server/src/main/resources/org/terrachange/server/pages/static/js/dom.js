// Makes elements without ever parsing text as markup.

/**
 * @param {string} tag name, optionally with classes: "div.card.stack"
 * @param {object} attributes "onclick"-like keys take functions, null and false leave an attribute out
 * @param {...(Node|string|null)} children
 */
export function element(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  made.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== false && value !== undefined) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Terms and descriptions; those without a value are left out. */
export function facts(pairs, ...classes) {
  const list = element("dl.facts");
  list.classList.add(...classes);
  for (const [term, value] of pairs) {
    if (value !== null && value !== undefined) {
      list.append(element("dt", {}, term), element("dd", {}, value));
    }
  }
  return list;
}

export function note(kind, ...content) {
  return element(`div.note.${kind}`, kind === "problem" ? { role: "alert" } : {}, ...content);
}

export function byId(id) {
  return document.getElementById(id);
}
