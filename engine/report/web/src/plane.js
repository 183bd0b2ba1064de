// The abstract plane: where zones and what stands in them are drawn, and the tools to move through time.
// Circles that would overlap are pushed apart (Dorling's cartogram); d3-force draws its own numbers the same every time.
import { forceCollide, forceSimulation, forceX, forceY } from 'd3-force';
import { scaleSqrt } from 'd3-scale';
import { h } from './dom.js';

/** Nodes {x, y, r} near their homes without overlap. */
export function pushedApart(nodes, strength, gap) {
  const homes = nodes.map((node) => ({ ...node }));
  forceSimulation(nodes)
    .force('x', forceX((_, i) => homes[i].x).strength(strength))
    .force('y', forceY((_, i) => homes[i].y).strength(strength))
    .force('apart', forceCollide((node) => node.r + gap).iterations(8))
    .stop()
    .tick(200);
  return nodes;
}

/** Circles of zones {x_km, y_km, households} in a picture so many units wide; `others` are places without a circle that
    must be in it too. `at(place)` is the node of a place; `pixelsPerKm` is one for both directions, so that distances keep
    their proportion. */
export function layOut(zones, width, others = []) {
  const margin = Math.round(width * 0.051);
  const same = (a, b) => Math.abs(a.x_km - b.x_km) < 0.002 && Math.abs(a.y_km - b.y_km) < 0.002;
  const bare = [];
  for (const place of others) {
    if (![...zones, ...bare].some((one) => same(one, place))) bare.push(place);
  }
  const places = [...zones, ...bare];
  const span = (key) => [Math.min(...places.map((place) => place[key])), Math.max(...places.map((place) => place[key]))];
  const [left, right] = span('x_km');
  const [low, high] = span('y_km');
  const pixelsPerKm = (width - 2 * margin) / Math.max(right - left, (high - low) * 1.6, 1);
  const height = Math.round((high - low) * pixelsPerKm + 2 * margin);
  const x = (km) => margin + (km - left) * pixelsPerKm + ((width - 2 * margin) - (right - left) * pixelsPerKm) / 2;
  const y = (km) => height - margin - (km - low) * pixelsPerKm;
  const most = Math.max(1, ...zones.map((zone) => zone.households));
  const radius = scaleSqrt([0, most], [0, Math.min(40, Math.max(14, 230 / Math.sqrt(zones.length))) * width / 900]);
  const nodes = pushedApart(places.map((place) => ({ x: x(place.x_km), y: y(place.y_km), r: place.households ? radius(place.households) : 5 })), 0.2, 1.5);
  return {
    nodes: nodes.slice(0, zones.length),
    at: (place) => nodes[places.findIndex((one) => same(one, place))],
    top: Math.floor(Math.min(...nodes.map((node) => node.y - node.r)) - 10),
    bottom: Math.ceil(Math.max(...nodes.map((node) => node.y + node.r))),
  };
}

export function select(label, options, value, change) {
  return h('label', {}, `${label} `, h('select', { onchange: (event) => change(event.target.value) }, options.map(([key, name]) => h('option', { value: key, selected: key === value }, name))));
}

/** Button, slider and clock of `last + 1` moments; `move(moment)` is called when the reader or the button moves. */
export function player({ text, label, last, pause, step = 1, move, picture }) {
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = text.play;
  };
  const slider = h('input', { type: 'range', min: 0, max: last, 'aria-label': label, oninput: () => move(Number(slider.value)) });
  const output = h('output', {});
  const play = h('button', { type: 'button', onclick: () => {
    if (timer) return stop();
    play.textContent = text.pause;
    timer = setInterval(() => {
      if (!picture.isConnected) return stop();
      const next = Number(slider.value) + step;
      move(next > last ? 0 : next);
    }, pause);
  } }, text.play);
  return {
    tools: [play, slider, output],
    stop,
    show(moment, words, clock) {
      slider.value = moment;
      slider.setAttribute('aria-valuetext', words);
      output.textContent = clock;
    },
  };
}
