// Builds elements, and brings what is on the page to what should be, touching only what differs: focus, selection and
// scroll positions stay. Text is always set as text, never as markup: names come from other people's beacons.

const KEPT_ATTRIBUTES = ["open", "tabindex"];
const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children. `null`, `undefined` and `false` leave an attribute or a child out. Two
 *  attributes mean something of their own: `data-key` tells an element from its siblings, so that it moves instead of
 *  being written anew; the children of one with `data-own` are nobody's business but its owner's. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "style") {
      for (const [property, setting] of Object.entries(value)) element.style.setProperty(property, setting);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  const wanted = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  element.append(...wanted.map((child) => (child instanceof Node ? child : String(child))));
  setValue(element);
  return element;
}

/** Someone's name, kept from changing the direction of the text around it. */
export function name(text, attributes = {}) {
  return h("bdi", attributes, text);
}

/** Makes the children of `target` these. */
export function show(target, ...children) {
  patchChildren(target, h("div", {}, ...children));
}

function patchChildren(parent, wanted) {
  const keyed = new Map();
  for (const node of parent.childNodes) {
    const key = node.dataset?.key;
    if (key !== undefined) keyed.set(key, node);
  }
  let at = parent.firstChild;
  for (const fresh of [...wanted.childNodes]) {
    const key = fresh.dataset?.key;
    const known = key === undefined ? null : keyed.get(key);
    if (known && known.nodeName === fresh.nodeName) {
      keyed.delete(key);
      if (known === at) at = at.nextSibling;
      else parent.insertBefore(known, at);
      patch(known, fresh);
    } else if (key === undefined && at !== null && isAlike(at, fresh)) {
      const next = at.nextSibling;
      patch(at, fresh);
      at = next;
    } else {
      parent.insertBefore(fresh, at);
    }
  }
  while (at !== null) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function isAlike(present, fresh) {
  return present.nodeName === fresh.nodeName && present.dataset?.key === undefined;
}

function patch(present, fresh) {
  if (present.nodeType === Node.TEXT_NODE) {
    if (present.data !== fresh.data) present.data = fresh.data;
    return;
  }
  const isOther = present.getAttribute("data-value") !== fresh.getAttribute("data-value");
  patchAttributes(present, fresh);
  if (!present.hasAttribute("data-own")) patchChildren(present, fresh);
  if (isOther) setValue(present);
}

/** What a field says is the reader's, unless `data-value` asks for something new while nobody types. */
function setValue(element) {
  const value = element.dataset?.value;
  if (value !== undefined && "value" in element && element !== document.activeElement) element.value = value;
}

function patchAttributes(present, fresh) {
  for (const { name: attribute } of [...present.attributes]) {
    // Whether details are open is the reader's choice, and a heading may have been made fit for the focus.
    if (!fresh.hasAttribute(attribute) && !KEPT_ATTRIBUTES.includes(attribute)) present.removeAttribute(attribute);
  }
  for (const { name: attribute, value } of fresh.attributes) {
    // Style goes through its own interface: the content security policy forbids the attribute.
    if (attribute === "style") {
      if (present.style.cssText !== fresh.style.cssText) present.style.cssText = fresh.style.cssText;
    } else if (present.getAttribute(attribute) !== value) {
      present.setAttribute(attribute, value);
    }
  }
}
