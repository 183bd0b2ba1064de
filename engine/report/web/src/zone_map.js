// Zones on their abstract plane, day by day: area for households, colour for the share of the day without a service.
// Circles that would overlap are pushed apart (Dorling's cartogram); d3-force draws its own numbers the same every time.
import { interpolateRgb } from 'd3-interpolate';
import { forceCollide, forceSimulation, forceX, forceY } from 'd3-force';
import { scaleSqrt } from 'd3-scale';
import { folded, h, s } from './dom.js';
import { colours } from './charts.js';

const width = 900;
const margin = 46;

export function zoneMap({ zones, services, text, numbers, dayCount }) {
  const placed = zones.filter((zone) => zone.x_km !== undefined);
  const span = (key) => {
    const values = placed.map((zone) => zone[key]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [left, right] = span('x_km');
  const [low, high] = span('y_km');
  // One scale for both directions, so that distances keep their proportion.
  const pixelsPerKm = (width - 2 * margin) / Math.max(right - left, (high - low) * 1.6, 1);
  const height = Math.round((high - low) * pixelsPerKm + 2 * margin);
  const x = (km) => margin + (km - left) * pixelsPerKm + ((width - 2 * margin) - (right - left) * pixelsPerKm) / 2;
  const y = (km) => height - margin - (km - low) * pixelsPerKm;
  const most = Math.max(...placed.map((zone) => zone.households));
  const radius = scaleSqrt([0, most], [0, Math.min(40, Math.max(14, 230 / Math.sqrt(placed.length)))]);

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

  const nodes = placed.map((zone) => ({ x: x(zone.x_km), y: y(zone.y_km), r: radius(zone.households) }));
  const homes = nodes.map((node) => ({ ...node }));
  forceSimulation(nodes)
    .force('x', forceX((_, i) => homes[i].x).strength(0.2))
    .force('y', forceY((_, i) => homes[i].y).strength(0.2))
    .force('apart', forceCollide((node) => node.r + 1.5).iterations(8))
    .stop()
    .tick(200);
  const top = Math.floor(Math.min(...nodes.map((node) => node.y - node.r)) - 10);
  const bottom = Math.ceil(Math.max(...nodes.map((node) => node.y + node.r)) + 26);
  const circles = placed.map((zone, i) => s('circle', { cx: nodes[i].x.toFixed(1), cy: nodes[i].y.toFixed(1), r: radius(zone.households).toFixed(1), 'stroke-width': 1.5 }, s('title')));
  const names = s('g', { 'text-anchor': 'middle', 'font-size': 17, 'font-weight': 600, 'aria-hidden': 'true' });
  const picture = s('svg', { viewBox: `0 ${top} ${width} ${bottom - top}`, class: 'map', role: 'img' }, circles, names);

  const sentence = h('p', {});
  const tableHolder = h('div', {});
  const slider = h('input', { type: 'range', min: 0, max: dayCount - 1, value: state.day, 'aria-label': text.mapDay, oninput: () => { state.day = Number(slider.value); show(); } });
  const output = h('output', {});
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
    slider.value = state.day;
    slider.setAttribute('aria-valuetext', day);
    output.textContent = `${day} (${state.day + 1} / ${dayCount})`;
    const open = tableHolder.querySelector('details')?.open ?? false;
    const details = folded(text.table, {
      caption: `${text.mapTable}: ${day}`,
      head: [text.zone, ...services.map((service) => text.service[service])],
      rows: placed.map((zone) => [zone.name, ...services.map((service) => numbers.percent(zone[service][`daily_percent_${state.winter}`][state.day] / 100))]),
    });
    details.open = open;
    tableHolder.replaceChildren(details);
  }

  const select = (label, options, value, change) =>
    h('label', {}, `${label} `, h('select', { onchange: (event) => { change(event.target.value); show(); } }, options.map(([key, name]) => h('option', { value: key, selected: key === value }, name))));

  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = text.play;
  };
  const play = h('button', { type: 'button', onclick: () => {
    if (timer) return stop();
    play.textContent = text.pause;
    timer = setInterval(() => {
      if (!picture.isConnected) return stop();
      state.day = (state.day + 1) % dayCount;
      show();
    }, 500);
  } }, text.play);

  show();
  return {
    element: h('div', {},
      h('div', { class: 'tools' },
        select(text.mapService, services.map((service) => [service, text.service[service]]), state.service, (service) => { state.service = service; }),
        select(text.mapWinter, winters, state.winter, (winter) => { state.winter = winter; }),
        play, slider, output),
      sentence,
      h('figure', { class: 'figure', style: { margin: '0' } }, picture),
      h('p', { class: 'scale' }, numbers.percent(0), ramp, scaleEnd),
      tableHolder),
    show,
    end: stop,
  };
}
