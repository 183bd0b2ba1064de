// ECharts with only what the page needs. Charts draw themselves from the colours of the page (CSS variables), so that
// light, dark and print are one thing.
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, BarChart, CustomChart, GridComponent, TooltipComponent, SVGRenderer]);

// A family by name: with `inherit` ECharts measures text wrongly.
const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
const printed = { width: 690, height: 220, tall: 300 }; // CSS pixels of A4 between the margins; heights as in page.css
const drawn = [];

export const dashes = { power: 'solid', heat: [8, 4], water: [2, 3] };
export const symbols = { power: 'circle', heat: 'triangle', water: 'rect' };

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return { ink: of('ink'), soft: of('soft'), line: of('line'), back: of('back'), card: of('card'), power: of('power'), heat: of('heat'), water: of('water'), damage: of('damage'), work: of('work'), fixed: of('fixed') };
}

/** A chart that lives in `element`; `option(colours, width)` is asked again whenever those change. */
export function draw(element, option) {
  const chart = init(element, null, { renderer: 'svg' });
  const one = {
    element,
    show(onPaper) {
      const height = element.classList.contains('tall') ? printed.tall : printed.height;
      chart.resize(onPaper ? { width: printed.width, height } : { width: 'auto', height: 'auto' });
      chart.setOption(option(colours(), chart.getWidth()), { notMerge: true });
    },
    end: () => chart.dispose(),
  };
  one.show();
  drawn.push(one);
}

/** Something else that is drawn from the page's colours: {show, end}. */
export function follow(one) {
  drawn.push(one);
}

export function forgetAll() {
  drawn.splice(0).forEach((one) => one.end());
}

/** What is drawn in an element that is about to go. */
export function forgetIn(parent) {
  for (const one of drawn.filter(({ element }) => element && parent.contains(element))) {
    one.end();
    drawn.splice(drawn.indexOf(one), 1);
  }
}

export function redrawAll(onPaper = false) {
  drawn.forEach((one) => one.show(onPaper));
}

export function followTheWindow() {
  let last = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth !== last && !window.matchMedia('print').matches) {
      last = window.innerWidth;
      redrawAll();
    }
  });
  // Paper is white and as wide as paper, whatever the screen was.
  let theme;
  window.addEventListener('beforeprint', () => {
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = 'light';
    redrawAll(true);
  });
  window.addEventListener('afterprint', () => {
    document.documentElement.dataset.theme = theme;
    redrawAll();
  });
}

const text = (colour) => ({ color: colour, fontFamily: font, fontSize: 12, lineHeight: 16 });

function basis(c) {
  return {
    animation: false,
    textStyle: { fontFamily: font },
    grid: { left: 8, right: 16, top: 12, bottom: 8, containLabel: true },
    // Drawn as SVG text, never as HTML: names of a scenario stay text.
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: c.back, borderColor: c.soft, textStyle: text(c.ink), padding: 8 },
  };
}

const axis = (c, more) => ({
  axisLine: { lineStyle: { color: c.soft } },
  axisTick: { lineStyle: { color: c.soft } },
  axisLabel: { ...text(c.soft), ...more?.label },
  splitLine: { show: more?.grid ?? true, lineStyle: { color: c.line } },
});

/** Bands of 9 of 10 and of half of the winters, and the median, over the hours. */
export function fan({ values, colour, numbers, labels }) {
  const at = (list) => list.map((value, hour) => [hour / 24, value]);
  const days = values.p50.length / 24;
  const difference = (low, high) => high.map((value, i) => value - low[i]);
  const band = (list, opacity) => (c) => ({
    type: 'line', stack: 'band', stackStrategy: 'all', data: at(list), symbol: 'none', lineStyle: { width: 0 }, silent: true,
    areaStyle: opacity ? { color: c[colour], opacity } : undefined,
  });
  const bands = [
    band(values.p05, 0),
    band(difference(values.p05, values.p25), 0.22),
    band(difference(values.p25, values.p75), 0.45),
    band(difference(values.p75, values.p95), 0.22),
  ];
  return (c, width) => ({
    ...basis(c),
    tooltip: {
      ...basis(c).tooltip,
      axisPointer: { lineStyle: { color: c.soft } },
      formatter: (points) => {
        const hour = points[0].dataIndex;
        const line = (name, key) => `${name}: ${numbers.about(values[key][hour])}`;
        return [numbers.atHour(hour), ...[['p95', 4], ['p75', 3], ['p50', 2], ['p25', 1], ['p05', 0]].map(([key, i]) => line(labels.quantiles[i], key))].join('\n');
      },
    },
    xAxis: { type: 'value', min: 0, max: days, interval: [1, 2, 7, 14, 28].find((step) => days / step <= width / 90) ?? 56, ...axis(c, { grid: false, label: { hideOverlap: true, showMaxLabel: false, formatter: (day) => numbers.onDay(day) } }) },
    yAxis: { type: 'value', min: 0, ...axis(c, { label: { formatter: (n) => numbers.about(n) } }), splitNumber: 4 },
    series: [...bands.map((make) => make(c)), { type: 'line', data: at(values.p50), symbol: 'none', lineStyle: { color: c[colour], width: 2 }, itemStyle: { color: c[colour] } }],
  });
}

/** Share of winters that reach so many hours a household, a line a service. */
export function exceedance({ lines, numbers }) {
  return (c) => ({
    ...basis(c),
    tooltip: {
      ...basis(c).tooltip,
      trigger: 'item',
      formatter: (point) => `${point.seriesName}\n\u2265 ${numbers.about(point.value[0])}: ${numbers.percent(point.value[1] / 100)}`,
    },
    xAxis: { type: 'value', min: 0, ...axis(c, { label: { formatter: (n) => numbers.about(n), hideOverlap: true } }) },
    yAxis: { type: 'value', min: 0, max: 100, interval: 25, ...axis(c, { label: { formatter: (n) => `${n}\u00a0%` } }) },
    series: lines.map(({ service, title, points }) => ({
      type: 'line', name: title, data: points, step: 'start', symbol: symbols[service], symbolSize: 7, showAllSymbol: false, showSymbol: points.length <= 12,
      lineStyle: { color: c[service], width: 2.5, type: dashes[service] }, itemStyle: { color: c[service] }, triggerLineEvent: true,
    })),
  });
}

/** Groups of bars: a group for each of `names`, a bar for each service. */
export function bars({ names, series, numbers, sideways, percent }) {
  const show = (value) => (percent ? numbers.percent(value / 100) : numbers.about(value));
  return (c, width) => {
    const groups = { type: 'category', data: names, ...axis(c, { grid: false, label: sideways ? { width: Math.min(190, width * 0.3), overflow: 'break' } : { interval: 0 } }), inverse: sideways };
    const amounts = { type: 'value', min: 0, ...axis(c, { label: { formatter: (n) => numbers.about(n), hideOverlap: true } }) };
    return {
      ...basis(c),
      tooltip: { ...basis(c).tooltip, axisPointer: { type: 'shadow' }, formatter: (points) => [points[0].name, ...points.map((p) => `${p.seriesName}: ${show(p.value)}`)].join('\n') },
      xAxis: sideways ? amounts : groups,
      yAxis: sideways ? groups : amounts,
      series: series.map(({ service, title, values }) => ({
        type: 'bar', name: title, data: values, itemStyle: { color: c[service], borderColor: c.back, borderWidth: 0.5 }, barMaxWidth: 26, barGap: '8%',
      })),
    };
  };
}

/** A point with its interval for each of `rows` ({name, service, mean, low, high}), about zero. */
export function intervals({ rows, numbers }) {
  return (c, width) => ({
    ...basis(c),
    tooltip: {
      ...basis(c).tooltip,
      trigger: 'item',
      formatter: ({ dataIndex: i }) => `${rows[i].name}\n${numbers.signed(rows[i].mean)} (${numbers.signed(rows[i].low)} \u2026 ${numbers.signed(rows[i].high)})`,
    },
    xAxis: { type: 'value', ...axis(c, { label: { formatter: (n) => numbers.about(n), hideOverlap: true } }), scale: false },
    yAxis: { type: 'category', inverse: true, data: rows.map((row) => row.name), ...axis(c, { grid: false, label: { width: Math.min(260, width * 0.38), overflow: 'break' } }), axisLine: { onZero: false, lineStyle: { color: c.soft } } },
    series: [{
      type: 'custom',
      encode: { x: [1, 2, 3], y: 0 },
      data: rows.map((row, i) => [i, row.low, row.mean, row.high]),
      renderItem: (_, api) => {
        const row = rows[api.value(0)];
        const [left, y] = api.coord([api.value(1), api.value(0)]);
        const [middle] = api.coord([api.value(2), api.value(0)]);
        const [right] = api.coord([api.value(3), api.value(0)]);
        const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: c[row.service], lineWidth: 2 } });
        return { type: 'group', children: [line(left, y, right, y), line(left, y - 5, left, y + 5), line(right, y - 5, right, y + 5), { type: 'circle', shape: { cx: middle, cy: y, r: 4.5 }, style: { fill: c[row.service] } }] };
      },
    }],
  });
}
