// Builds elements, and brings what is on the page to what should be, touching only what differs: focus, selection and
// scroll positions stay. Text is always set as text, never as markup: names come from other people's beacons.

/** An element with attributes and children. `null`, `undefined` and `false` leave an attribute or a child out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
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
  const present = [...parent.childNodes];
  const fresh = [...wanted.childNodes];
  fresh.forEach((node, at) => {
    if (at < present.length) patch(present[at], node);
    else parent.append(node);
  });
  for (const surplus of present.slice(fresh.length)) surplus.remove();
}

function patch(present, fresh) {
  const same = present.nodeName === fresh.nodeName && present.dataset?.key === fresh.dataset?.key;
  if (!same) {
    present.replaceWith(fresh);
  } else if (present.nodeType === Node.TEXT_NODE) {
    if (present.data !== fresh.data) present.data = fresh.data;
  } else {
    patchAttributes(present, fresh);
    patchChildren(present, fresh);
  }
}

function patchAttributes(present, fresh) {
  for (const { name: attribute } of [...present.attributes]) {
    // Whether details are open is the reader's choice.
    if (!fresh.hasAttribute(attribute) && attribute !== "open") present.removeAttribute(attribute);
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
