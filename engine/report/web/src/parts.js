// What other commands found, where the page was made with it: a repair plan and sensitivity (sets: sets.js, maps: asset_parts.js).
import { intervals } from './charts.js';
import { folded, h, s } from './dom.js';

const rowHeight = 26;
const left = 200;
const width = 900;

/** Crews as rows, jobs as bars: the way there light, the work dark. Only what lies within the plan's first two weeks is drawn. */
function gantt({ plan, text, numbers }) {
  const until = Math.min(plan.horizon_hours, 336, Math.max(24, ...plan.visits.map((visit) => visit.ends_hours)));
  const x = (hours) => left + (width - left - 34) * Math.min(hours, until) / until;
  const drawn = plan.visits.filter((visit) => visit.sets_out_hours < until);
  const nameOf = (visit) => `${text.crewTypes[visit.crew_type] ?? visit.crew_type} ${visit.crew}`;
  const crews = [...new Set(drawn.map(nameOf))];
  const height = crews.length * rowHeight + 34;
  const step = until > 96 ? 48 : until > 36 ? 24 : 6;
  const lines = [];
  for (let hour = 0; hour <= until; hour += step) {
    lines.push(s('line', { x1: x(hour), x2: x(hour), y1: 0, y2: height - 26, stroke: 'var(--line)' }),
      s('text', { x: x(hour), y: height - 8, 'text-anchor': 'middle', 'font-size': 14, fill: 'var(--soft)' }, `${numbers.count(hour)}\u00a0${text.hours}`));
  }
  const rows = crews.map((name, row) => s('text', { x: 8, y: row * rowHeight + 18, 'font-size': 15, fill: 'var(--ink)' }, name));
  const bars = drawn.map((visit) => {
    const y = crews.indexOf(nameOf(visit)) * rowHeight + 4;
    const label = `${visit.component}: ${numbers.about(visit.begins_hours)}\u2013${numbers.about(visit.ends_hours)} ${text.hours}`;
    const wide = x(visit.ends_hours) - x(visit.begins_hours);
    return s('g', {}, s('title', {}, label),
      s('rect', { x: x(visit.sets_out_hours), y, width: Math.max(1, x(visit.begins_hours) - x(visit.sets_out_hours)), height: rowHeight - 8, fill: 'var(--line)' }),
      s('rect', { x: x(visit.begins_hours), y, width: Math.max(2, wide), height: rowHeight - 8, fill: 'var(--water)', stroke: 'var(--back)' }),
      wide > 9 * visit.component.length ? s('text', { x: x(visit.begins_hours) + 5, y: y + 13, 'font-size': 12, fill: 'var(--back)', 'aria-hidden': 'true' }, visit.component) : null);
  });
  return s('svg', { viewBox: `0 0 ${width} ${height}`, class: 'map gantt', role: 'img', 'aria-label': text.planCaption }, lines, rows, bars);
}

export function planSection({ plan, map, section, text, numbers }) {
  // The first of each kind of crew that has to choose: where there are crews for all jobs, no order was chosen.
  const chosen = plan.jobs.filter((job) => !job.crews_for_all_at_once);
  const first = chosen.filter((job, i) => chosen.findIndex((other) => other.crew_type === job.crew_type) === i);
  const crew = (type) => text.crewTypes[type] ?? type;
  const interval = ({ mean, ci95_low: low, ci95_high: high }) => `${numbers.about(mean)} (${numbers.range(low, high)})`;
  const saved = plan.saved_against_first_come;
  const clear = saved.ci95_low > 0;
  const hours = (band) => (band === null ? '\u2013' : `${numbers.about(band.ends_hours.p50)} (${numbers.range(band.ends_hours.p10, band.ends_hours.p90)})`);
  const of = (services) => Object.values(services).reduce((sum, value) => sum + value, 0);
  return section('plan', text.plan,
    h('p', {}, text.planIntro(plan.moment.slice(0, 16).replace('T', ' '), numbers.count(plan.futures_judged))),
    h('p', {}, clear ? text.planSaves(numbers.about(saved.mean), numbers.range(saved.ci95_low, saved.ci95_high)) : text.planNoDifference, ' ', text.planGap(numbers.percent(plan.lower_bound.gap))),
    first.length > 0 ? h('p', {}, text.planFirst(first.map((job) => `${job.component} (${crew(job.crew_type)})`).join(', '))) : null,
    h('div', { class: 'figure' }, h('p', { class: 'small soft' }, text.planLegend), h('div', { class: 'scroll open', tabindex: '0', role: 'region', 'aria-label': text.planLegend }, gantt({ plan, text, numbers }))),
    folded(text.table, {
      caption: text.planCaption,
      head: text.planHead,
      rows: plan.jobs.map((job) => [String(job.position), job.component, job.zone, crew(job.crew_type), hours(job.back), numbers.about(of(job.households_returned)), interval(job.saves_loss),
        job.crews_for_all_at_once ? text.planAllAtOnce : job.stays_among_first_three === null ? '\u2013' : numbers.percent(job.stays_among_first_three)]),
      left: [1, 2, 3],
    }),
    ...(map ? [h('h3', {}, text.asset), h('p', {}, text.assetIntro), map.element] : []),
    h('p', { class: 'small soft' }, text.planPrivate));
}

export function sensitivitySection({ sensitivity, section, figure, text, numbers }) {
  const service = (metric) => metric.metric.split('.')[0];
  return section('sensitivity', text.sensitivity, h('p', {}, text.sensitivityIntro(numbers.count(sensitivity.winters))),
    sensitivity.metrics.map((metric) => {
      const ranked = [...metric.factors].sort((a, b) => b.mu_star - a.mu_star).slice(0, 10);
      return figure({
        title: text.service[service(metric)],
        sentence: ranked[0]?.mu_star > 0 ? text.sensitivitySentence(ranked[0].name, numbers.about(ranked[0].mu_star)) : text.sensitivityNone,
        option: intervals({ rows: ranked.map((factor) => ({ name: factor.name, service: service(metric), mean: factor.mu_star, low: factor.ci95_low, high: factor.ci95_high })), numbers }),
        className: 'chart tall',
        axis: text.sensitivityAxis,
        data: {
          caption: `${text.service[service(metric)]}: ${text.sensitivityAxis}`, // each region has a name of its own
          head: text.sensitivityHead,
          rows: [...metric.factors].sort((a, b) => b.mu_star - a.mu_star).map((factor) => [factor.name, numbers.about(factor.mu_star), numbers.range(factor.ci95_low, factor.ci95_high), factor.total_share ? `${numbers.percent(factor.total_share[0])} (${numbers.percent(factor.total_share[1])}\u2013${numbers.percent(factor.total_share[2])})` : '\u2013']),
        },
      });
    }));
}
