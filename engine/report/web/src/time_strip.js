// A narrow chart of households without each service over the hours, with the moment of a slider in it.
import { colours, dashes } from './charts.js';
import { h, s } from './dom.js';

const height = 132;
const top = 18;
const bottom = 24;

export function timeStrip({ series, hours, strikes, numbers, text, clock }) {
  const services = Object.keys(series);
  const most = Math.max(1, ...services.flatMap((service) => series[service]));
  const svg = s('svg', { class: 'strip', role: 'img' });
  const y = (value) => top + (height - top - bottom) * (1 - value / most);
  /** The largest of each pixel's hours: a peak must not fall between two. */
  const line = (values, x) => {
    const points = [];
    for (let hour = 0; hour < values.length; ++hour) {
      const at = Math.round(x(hour + 1));
      const last = points.at(-1);
      if (last && last[0] === at) last[1] = Math.max(last[1], values[hour]);
      else points.push([at, values[hour]]);
    }
    return points.map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${at} ${y(value).toFixed(1)}`).join('');
  };
  const sample = (service) => h('span', { class: 'sample' }, s('svg', { width: 30, height: 10 }, s('line', { x1: 0, x2: 30, y1: 5, y2: 5, stroke: `var(--${service})`, 'stroke-width': 2.5, 'stroke-dasharray': dashed(service) })), ` ${text.service[service]}`);
  const dashed = (service) => (Array.isArray(dashes[service]) ? dashes[service].join(' ') : null);
  const cursor = s('line', { y1: top, y2: height - bottom, 'stroke-width': 2 });
  let drawn = '';
  return {
    element: services.length === 0 ? '' : h('div', {},
      h('p', { class: 'small soft legend', 'aria-hidden': 'true' }, services.map(sample), strikes.length > 0 ? h('span', { class: 'sample' }, h('span', { style: { color: 'var(--damage)' } }, '\u25b4'), text.assetStrikes) : null),
      svg),
    show(width, hour) {
      const x = (at) => 6 + (width - 12) * at / hours;
      const c = colours();
      const key = `${width} ${c.ink}`;
      if (drawn !== key) {
        drawn = key;
        const days = hours / 24;
        const step = [0.25, 1, 2, 7, 14, 28].find((each) => days / each <= width / 110) ?? 56;
        const ticks = [];
        for (let day = 0; day * 24 <= hours; day += step) {
          const anchor = x(day * 24) < 30 ? 'start' : x(day * 24) > width - 40 ? 'end' : 'middle';
          ticks.push(s('line', { x1: x(day * 24), x2: x(day * 24), y1: height - bottom, y2: height - bottom + 4, stroke: c.soft }),
            s('text', { x: x(day * 24), y: height - 6, 'text-anchor': anchor, 'font-size': 12, fill: c.soft }, clock(day * 24, true)));
        }
        svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
        svg.replaceChildren(
          s('line', { x1: 6, x2: width - 6, y1: height - bottom, y2: height - bottom, stroke: c.soft }),
          s('line', { x1: 6, x2: width - 6, y1: top, y2: top, stroke: c.line }),
          s('text', { x: 6, y: top - 5, 'font-size': 12, fill: c.soft }, text.assetStripTop(numbers.about(most))),
          ...ticks,
          ...services.map((service) => s('path', { d: line(series[service], x), fill: 'none', stroke: c[service], 'stroke-width': 1.8, 'stroke-dasharray': dashed(service) })),
          ...strikes.map((at) => s('path', { d: `M${(x(at) - 4).toFixed(1)} ${height - bottom}l4 -7l4 7z`, fill: c.damage })),
          cursor);
        svg.setAttribute('aria-label', text.assetStripLabel(numbers.about(most)));
      }
      cursor.setAttribute('stroke', c.ink);
      cursor.setAttribute('x1', x(hour).toFixed(1));
      cursor.setAttribute('x2', x(hour).toFixed(1));
    },
  };
}
