// Elements from data, and updates that keep focus, selection and open folds. Text is always text, never markup.

/** h('a', {href: '#/', class: 'x'}, 'text', node, [more]) */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);
}

/** Makes the children of `target` look like `wanted`, touching as little as possible. */
export function update(target, ...wanted) {
  const fresh = document.createElement('div');
  fresh.append(...flat(wanted));
  morphChildren(target, fresh);
}

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null);

function morphChildren(old, fresh) {
  const byKey = new Map();
  for (const child of old.childNodes) {
    const key = keyOf(child);
    if (key) byKey.set(key, child);
  }
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = keyOf(next);
    let match = key ? byKey.get(key) : at && !keyOf(at) && same(at, next) ? at : null;
    if (match && !same(match, next)) match = null;
    if (!match) {
      old.insertBefore(next, at);
      continue;
    }
    if (match !== at) old.insertBefore(match, at);
    else at = at.nextSibling;
    morph(match, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function same(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName;
}

function morph(old, next) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    // The reader opens and closes folds, not the data.
    if (!next.hasAttribute(name) && !(old.nodeName === 'DETAILS' && name === 'open')) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (old.nodeName === 'DETAILS' && name === 'open') continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const name of ['onclick', 'onchange', 'ontoggle']) old[name] = next[name];
  morphChildren(old, next);
}

/** `<time>` with a short relative text and the exact time in its title. */
export function ago(iso) {
  if (!iso) return '–';
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
  return h('time', { datetime: iso, title: new Date(iso).toLocaleString() }, `${span(seconds)} ago`);
}

export function span(seconds) {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

/** Text beside a button that copies it. */
export function copyable(text, label) {
  return h(
    'span',
    { class: 'copyable' },
    h('code', null, text),
    h(
      'button',
      {
        type: 'button',
        class: 'copy',
        'aria-label': `Copy ${label ?? text}`,
        onclick: async (event) => {
          const button = event.currentTarget;
          try {
            await navigator.clipboard.writeText(text);
            button.textContent = 'copied';
          } catch {
            button.textContent = 'select it';
          }
          setTimeout(() => (button.textContent = 'copy'), 1500);
        },
      },
      'copy',
    ),
  );
}
