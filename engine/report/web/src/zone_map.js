// Zones on their abstract plane, day by day: area for households, colour for the share of the day without a service.
import { interpolateRgb } from 'd3-interpolate';
import { folded, h, s } from './dom.js';
import { colours } from './charts.js';
import { layOut, player, select } from './plane.js';

const width = 900;

export function zoneMap({ zones, services, text, numbers, dayCount }) {
  const placed = zones.filter((zone) => zone.x_km !== undefined);
  // Reports of runs in which every winter failed have quantiles only.
  const winters = Object.entries(text.mapWinters).filter(([key]) => placed[0][services[0]][`daily_percent_${key}`]);
  const state = { service: services[0], winter: winters.some(([key]) => key === 'severe') ? 'severe' : 'p95', day: 0 };
  const share = (zone, day) => zone[state.service][`daily_percent_${state.winter}`][day];
  const households = (day) => placed.reduce((sum, zone) => sum + zone.households * share(zone, day), 0);
  const worstDay = () => {
    let best = 0;
    for (let day = 1; day < dayCount; ++day) if (households(day) > households(best)) best = day;
    return best;
  };
  state.day = worstDay();

  const { nodes, top, bottom } = layOut(placed, width);
  const circles = placed.map((_, i) => s('circle', { cx: nodes[i].x.toFixed(1), cy: nodes[i].y.toFixed(1), r: nodes[i].r.toFixed(1), 'stroke-width': 1.5 }, s('title')));
  const names = s('g', { 'text-anchor': 'middle', 'font-size': 17, 'font-weight': 600, 'aria-hidden': 'true' });
  const picture = s('svg', { viewBox: `0 ${top} ${width} ${bottom + 26 - top}`, class: 'map', role: 'img' }, circles, names);

  const sentence = h('p', {});
  const tableHolder = h('div', {});
  const time = player({ text, label: text.mapDay, last: dayCount - 1, pause: 500, picture, move: (day) => { state.day = day; show(); } });
  const scaleEnd = h('span', {});
  const ramp = h('i', { 'aria-hidden': 'true' });

  function show() {
    const c = colours();
    const shade = interpolateRgb(c.back, c[state.service]);
    // Full colour is the worst of the whole winter, in steps of 10 %.
    const full = Math.max(10, 10 * Math.ceil(Math.max(...placed.flatMap((zone) => zone[state.service][`daily_percent_${state.winter}`])) / 10));
    scaleEnd.textContent = numbers.percent(full / 100);
    ramp.style.background = `linear-gradient(to right, ${shade(0)}, ${shade(1)})`;
    placed.forEach((zone, i) => {
      const value = share(zone, state.day);
      circles[i].setAttribute('fill', shade(value / full));
      circles[i].setAttribute('stroke', c.soft);
      circles[i].firstChild.textContent = `${zone.name}: ${numbers.percent(value / 100)}`;
    });
    const worstThree = placed.map((_, i) => i).filter((i) => share(placed[i], state.day) > 0)
      .sort((a, b) => share(placed[b], state.day) - share(placed[a], state.day) || a - b).slice(0, 3);
    names.replaceChildren(...worstThree.map((i) => s('text', { x: Math.max(90, Math.min(width - 90, nodes[i].x)).toFixed(1), y: (nodes[i].y + nodes[i].r + 17).toFixed(1), fill: c.ink, stroke: c.card, 'stroke-width': 4, 'paint-order': 'stroke' }, placed[i].name)));
    const day = numbers.onDay(state.day);
    const worst = placed.reduce((a, b) => (share(b, state.day) > share(a, state.day) ? b : a));
    const value = share(worst, state.day);
    const words = value > 0
      ? text.mapSentence(day, text.without[state.service], text.mapKinds[state.winter], worst.name, numbers.percent(value / 100))
      : text.mapQuiet(day, text.without[state.service], text.mapKinds[state.winter]);
    sentence.textContent = words;
    picture.setAttribute('aria-label', words);
    time.show(state.day, day, `${day} (${state.day + 1} / ${dayCount})`);
    const open = tableHolder.querySelector('details')?.open ?? false;
    const details = folded(text.table, {
      caption: `${text.mapTable}: ${day}`,
      head: [text.zone, ...services.map((service) => text.service[service])],
      rows: placed.map((zone) => [zone.name, ...services.map((service) => numbers.percent(zone[service][`daily_percent_${state.winter}`][state.day] / 100))]),
    });
    details.open = open;
    tableHolder.replaceChildren(details);
  }

  show();
  return {
    element: h('div', {},
      h('div', { class: 'tools' },
        select(text.mapService, services.map((service) => [service, text.service[service]]), state.service, (service) => { state.service = service; show(); }),
        select(text.mapWinter, winters, state.winter, (winter) => { state.winter = winter; show(); }),
        time.tools),
      sentence,
      h('figure', { class: 'figure', style: { margin: '0' } }, picture),
      h('p', { class: 'scale' }, numbers.percent(0), ramp, scaleEnd),
      tableHolder),
    show,
    end: time.stop,
  };
}
