// Elements without markup: text of a scenario goes in as text, so nothing in it can become an element.

/** h('p', {class: 'soft'}, 'text', child): properties are attributes, except `on...` handlers and `style` objects. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function s(tag, properties = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'style') {
      for (const [key, setting] of Object.entries(value)) {
        element.style.setProperty(key, setting);
      }
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A table; cells are texts, numbers of bars {text, share} draw a bar below the text. `left`: columns set as text. */
export function table({ caption, head, rows, left = [] }) {
  const align = (column) => (left.includes(column) ? 'text' : null);
  const cell = (value, column) => {
    const holds = value !== null && typeof value === 'object';
    const bar = holds
      ? h('span', { class: 'bar', style: { width: `${Math.max(0, Math.min(100, 100 * value.share)).toFixed(1)}%`, '--service': value.colour } })
      : null;
    return column === 0
      ? h('th', { scope: 'row', class: align(column) }, holds ? value.text : value)
      : h('td', { class: align(column) }, holds ? value.text : value, bar);
  };
  return h(
    'table',
    {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, head.map((text, column) => h('th', { scope: 'col', class: align(column) }, text)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map(cell)))),
  );
}

/** The table behind a chart, folded away. */
export function folded(title, content) {
  return h('details', {}, h('summary', {}, title),
           h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': content.caption }, table(content)));
}

/** The last of a list that passes; browsers of 2021 have no findLast. */
export function lastOf(list, passes) {
  for (let i = list.length - 1; i >= 0; --i) if (passes(list[i])) return list[i];
  return undefined;
}
