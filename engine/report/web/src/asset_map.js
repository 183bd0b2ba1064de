// Damaged components at their places on the abstract plane, hour by hour: state by shape and colour, a number for each,
// lines and mains as lines, zones faint behind. Only what is damaged is there: nothing is said about anything intact.
import { interpolateRgb } from 'd3-interpolate';
import { colours } from './charts.js';
import { folded, h, lastOf, s } from './dom.js';
import { layOut, player, pushedApart, select } from './plane.js';
import { timeStrip } from './time_strip.js';

export const statuses = ['damaged', 'suspected', 'under_way', 'temporarily_fixed', 'restored'];
const paper = 690; // CSS pixels of A4 between the margins

/** A mark of radius r about the origin, as an SVG group with its number. */
function mark(status, r, number, c) {
  const colour = { damaged: c.damage, suspected: c.damage, under_way: c.work, temporarily_fixed: c.fixed, restored: c.fixed }[status];
  const full = status === 'damaged' || status === 'under_way';
  const shape = { fill: full ? colour : c.back, stroke: full ? c.back : colour, 'stroke-width': full ? 1 : 2, 'stroke-dasharray': status === 'suspected' || status === 'temporarily_fixed' ? '3 2' : null };
  const side = 0.92 * r;
  const body = status === 'under_way' || status === 'temporarily_fixed'
    ? s('rect', { x: -side, y: -side, width: 2 * side, height: 2 * side, rx: 2, ...shape })
    : s('circle', { r: full ? r : r - 1, ...shape });
  const size = (String(number).length > 2 ? 0.85 : 1.1) * r;
  return [body, number === '' ? null : s('text', { y: (0.36 * size).toFixed(1), 'text-anchor': 'middle', 'font-size': size.toFixed(1), 'font-weight': 600, fill: full ? c.back : c.ink, 'aria-hidden': 'true' }, String(number))];
}

/** The statuses that occur, each with its mark. Built for the present colours. */
function legendOf(used, text) {
  const c = colours();
  return used.map((status) => h('span', { class: 'sample' }, s('svg', { width: 20, height: 20, viewBox: '-10 -10 20 20', 'aria-hidden': 'true' }, mark(status, 8, '', c)), ` ${text.assetStatus[status]}`));
}

/**
 * items: {number, name, zone, place, far_end, changes: [{hour, status, words}]} with changes in order of time; zones: those
 * of the page, `percentAt(i, service, hour)` how many of zone i are without (or null: zones are only there);
 * series: {service: [households without at the end of each hour]}; strikes: hours to tick; first: hour to begin with;
 * clock(hour) and sentence(hour, counts, off) in words.
 */
export function assetMap({ items, zones, percentAt = null, series, strikes = [], hours, first, label, clock, sentence, extraTable, text, numbers }) {
  const placed = zones.map((zone, i) => ({ ...zone, i })).filter((zone) => zone.x_km !== undefined && zone.x_km !== null);
  const others = items.flatMap((item) => [item.place, item.far_end]).filter(Boolean);
  const services = Object.keys(series);
  const state = { hour: first, service: services[0] };
  const statusAt = (item, hour) => lastOf(item.changes, (change) => change.hour <= hour)?.status ?? null;
  const moments = [...new Set(items.flatMap((item) => item.changes.map((change) => Math.ceil(change.hour))))].filter((hour) => hour >= 0 && hour <= hours).sort((a, b) => a - b);
  const used = statuses.filter((status) => items.some((item) => item.changes.some((change) => change.status === status)));

  const holder = h('div', { class: 'figure' });
  const picture = s('svg', { class: 'map assets', role: 'img' });
  const strip = timeStrip({ series, hours, strikes, numbers, text, clock });
  const words = h('p', {});
  const legend = h('p', { class: 'small soft legend', 'aria-hidden': 'true' });
  const ramp = h('p', { class: 'scale' });
  const go = (hour) => { state.hour = hour; show(); };
  const time = player({ text, label, last: hours, pause: 120, step: Math.max(1, Math.round(hours / 400)), picture, move: go });
  const jump = (name, find) => h('button', { type: 'button', 'aria-label': name, title: name, onclick: () => { const hour = find(); if (hour !== undefined) go(hour); } }, name === text.assetEarlier ? '\u25c2' : '\u25b8');
  const earlier = jump(text.assetEarlier, () => lastOf(moments, (hour) => hour < state.hour));
  const later = jump(text.assetLater, () => moments.find((hour) => hour > state.hour));

  let drawnFor = 0;
  let plan = null; // where everything is for the present width
  function arrange(width) {
    const { nodes, at, top, bottom } = layOut(placed, width, others);
    const r = Math.max(7, Math.min(12, 6 + width / 120, Math.sqrt((0.1 * width * (bottom - top)) / Math.max(1, items.length) / Math.PI)));
    const homes = items.map((item) => {
      const from = at(item.place);
      const to = item.far_end ? at(item.far_end) : from;
      return { from, to, x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    });
    const marks = pushedApart(homes.map(({ x, y }) => ({ x, y, r })), 0.35, 2.5);
    const spread = (key, sign) => sign * Math.max(...marks.map((node) => sign * node[key] + r), sign * (sign < 0 ? top + 10 : bottom));
    plan = { width, nodes, homes, marks, r, top: Math.floor(spread('y', -1) - 8), bottom: Math.ceil(spread('y', 1) + 8) };
    marks.forEach((node) => { node.x = Math.max(r + 2, Math.min(width - r - 2, node.x)); });
  }

  function drawPicture() {
    const c = colours();
    const { width, nodes, homes, marks, r, top, bottom } = plan;
    const shade = interpolateRgb(c.back, c[state.service]);
    const back = placed.map((zone, i) => {
      const percent = percentAt ? percentAt(zone.i, state.service, state.hour) : null;
      return s('circle', { cx: nodes[i].x.toFixed(1), cy: nodes[i].y.toFixed(1), r: nodes[i].r.toFixed(1), fill: !percentAt ? c.back : percent === null ? 'none' : shade(0.6 * percent / 100), stroke: c.line, 'stroke-width': 1 },
        s('title', {}, percent === null ? zone.name : `${zone.name}: ${numbers.percent(percent / 100)} ${text.without[state.service]}`));
    });
    const now = items.map((item) => statusAt(item, state.hour));
    const threads = items.map((item, i) => {
      if (now[i] === null) return null;
      const { from, to, x, y } = homes[i];
      const style = { stroke: c[{ damaged: 'damage', suspected: 'damage', under_way: 'work' }[now[i]] ?? 'fixed'], 'stroke-width': 2.5, 'stroke-dasharray': now[i] === 'restored' ? null : '6 3' };
      const far = Math.hypot(marks[i].x - x, marks[i].y - y) > r;
      return [
        from === to ? null : s('line', { x1: from.x.toFixed(1), y1: from.y.toFixed(1), x2: to.x.toFixed(1), y2: to.y.toFixed(1), ...style }),
        far ? s('line', { x1: x.toFixed(1), y1: y.toFixed(1), x2: marks[i].x.toFixed(1), y2: marks[i].y.toFixed(1), stroke: c.soft, 'stroke-width': 0.8 }) : null,
      ];
    }).flat().filter(Boolean);
    const shown = items.map((item, i) => (now[i] === null ? null : s('g', { transform: `translate(${marks[i].x.toFixed(1)} ${marks[i].y.toFixed(1)})`, class: `mark ${now[i]}` },
      s('title', {}, `${item.number}. ${item.name} (${item.zone}): ${text.assetStatus[now[i]]}`), mark(now[i], r, item.number, c)))).filter(Boolean);
    picture.setAttribute('viewBox', `0 ${top} ${width} ${bottom - top}`);
    picture.replaceChildren(...back, ...threads, ...shown);
    ramp.replaceChildren(...(percentAt ? [text.assetShade(text.without[state.service]), h('i', { 'aria-hidden': 'true', style: { background: `linear-gradient(to right, ${shade(0)}, ${shade(0.6)})` } }), h('span', {}, `0\u2013${numbers.percent(1)}`)] : []));
  }

  function show(onPaper = false) {
    const width = onPaper ? paper : Math.max(300, Math.min(960, holder.clientWidth || 900));
    if (width !== drawnFor) arrange(drawnFor = width);
    drawPicture();
    const counts = Object.fromEntries(statuses.map((status) => [status, items.filter((item) => statusAt(item, state.hour) === status).length]));
    const off = Object.fromEntries(services.map((service) => [service, state.hour > 0 ? series[service][state.hour - 1] : null]));
    words.textContent = sentence(state.hour, counts, off);
    picture.setAttribute('aria-label', words.textContent);
    time.show(state.hour, clock(state.hour), clock(state.hour));
    earlier.disabled = !moments.some((hour) => hour < state.hour);
    later.disabled = !moments.some((hour) => hour > state.hour);
    legend.replaceChildren(...legendOf(used, text));
    strip.show(width, state.hour);
  }

  holder.append(
    h('div', { class: 'tools' },
      percentAt ? select(text.mapService, services.map((service) => [service, text.service[service]]), state.service, (service) => { state.service = service; show(); }) : '',
      time.tools[0], earlier, later, ...time.tools.slice(1)),
    words, legend, picture, ramp, strip.element, ...extraTable.map((content) => folded(content.title, content)));
  return { element: holder, show, end: time.stop };
}
