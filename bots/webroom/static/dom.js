/* Elements, made so that what people and models wrote can only ever become text. */

const SVG = "http://www.w3.org/2000/svg";

/** An element. Strings among the children become text; null, undefined and false are left out.
 *
 * In `given`, `on` has listeners by event, `vars` CSS variables, `data` data attributes; all else is
 * an attribute, left out where it is null or false, and empty where it is true. */
export function element(name, given = {}, ...children) {
  return filled(document.createElement(name), given, children);
}

/** The same for a part of a picture. */
export function drawn(name, given = {}, ...children) {
  return filled(document.createElementNS(SVG, name), given, children);
}

/** Everything in it is replaced by these. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter(shown));
  return parent;
}

export function byId(id) {
  return document.getElementById(id);
}

function filled(made, { on = {}, vars = {}, data = {}, ...attributes }, children) {
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  for (const [name, value] of Object.entries(vars)) made.style.setProperty(name, value);
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(attributes)) {
    if (shown(value)) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter(shown));
  return made;
}

function shown(value) {
  return value !== null && value !== undefined && value !== false;
}
