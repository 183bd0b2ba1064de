// The page: reads the data that the program put beside this script, and builds itself in the chosen language.
import { bars, dashes, draw, exceedance, fan, follow, followTheWindow, forgetAll, forgetIn, intervals, redrawAll } from './charts.js';
import { folded, h, s, table } from './dom.js';
import { Numbers } from './numbers.js';
import { planMap, replaySection } from './asset_parts.js';
import { planSection, sensitivitySection } from './parts.js';
import { setsSection } from './sets.js';
import { en } from './text_en.js';
import { uk } from './text_uk.js';
import { zoneMap } from './zone_map.js';

const texts = { en, uk };
const { language: firstLanguage, run } = JSON.parse(document.getElementById('data').textContent);
const { facts, metrics, services, zones, generators, parameters, comparison, plan, generator_plan: sets, sensitivity, replay } = run;
const modelled = services.map(({ service }) => service);
const perHousehold = (householdHours) => householdHours / facts.households;

let language = firstLanguage;
let text;
let numbers;

const by = (id) => document.getElementById(id);
const section = (id, title, ...children) => h('section', { 'aria-labelledby': id }, h('h2', { id }, title), ...children);
const joined = (parts) => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')}${text.and}${parts.at(-1)}`);

/** A chart with its sentence (read out for it too) and its table. */
function figure({ title, sentence, option, data, className = 'chart', legend = null, axis = null }) {
  const canvas = h('div', { class: className, role: 'img', 'aria-label': sentence });
  queue.push(() => draw(canvas, option));
  return h('div', { class: 'figure' }, title ? h('h3', {}, title) : null, h('p', {}, sentence), legend, canvas, axis ? h('p', { class: 'small soft axis', 'aria-hidden': 'true' }, axis) : null, folded(text.table, data));
}
const queue = [];

function legend(items) {
  return h('p', { class: 'small soft', 'aria-hidden': 'true' }, items.flatMap((item) => [item, '\u2003']));
}
function lineSample(colour, dash) {
  const pattern = Array.isArray(dash) ? dash.join(' ') : null;
  return s('svg', { width: 34, height: 10 }, s('line', { x1: 0, x2: 34, y1: 5, y2: 5, stroke: `var(--${colour})`, 'stroke-width': 3, 'stroke-dasharray': pattern }));
}
function areaSample(colour, opacity) {
  return s('svg', { width: 22, height: 12 }, s('rect', { width: 22, height: 12, fill: `var(--${colour})`, opacity }));
}
const labelled = (sample, words) => h('span', { style: { 'white-space': 'nowrap' } }, sample, ` ${words}`);

function parameterRange(of, scale = 1) {
  if (!facts.parameters_sampled) return text.parametersFixed;
  return of.p05_parameters === null ? text.parametersUnknown : numbers.range(of.p05_parameters * scale, of.p95_parameters * scale);
}

// ---- sections ----

function header() {
  document.documentElement.lang = language;
  document.title = `${facts.scenario} \u2013 wintergrid`;
  by('skip').textContent = text.skip;
  const mark = facts.synthetic ? text.watermark.synthetic : text.watermark.other;
  by('watermark').dataset.text = mark; // generated text: seen, not read out
  by('watermark').style.fontSize = `min(${Math.round(120 / mark.length)}vw, ${Math.round(72 / mark.length)}rem)`;
  const dark = document.documentElement.dataset.theme === 'dark';
  const start = Number.isFinite(numbers.start) ? numbers.fullDay.format(numbers.start) : facts.start;
  by('header').replaceChildren(h('div', { class: 'top' },
    h('div', {},
      h('h1', {}, facts.scenario || 'wintergrid'),
      h('p', { class: 'soft', style: { margin: '0.3rem 0 0' } }, `${text.subtitle(numbers.count(facts.households), numbers.count(facts.horizon_days), start)} \u00b7 ${text.winters(numbers.count(facts.replications))} \u00b7 wintergrid ${facts.program_version}`)),
    h('div', { class: 'controls', role: 'group', 'aria-label': text.language },
      Object.entries(texts).map(([key, { ownName }]) =>
        h('button', { type: 'button', lang: key, id: `language-${key}`, 'aria-pressed': String(key === language), onclick: () => { choose(key); by(`language-${key}`).focus({ preventScroll: true }); } }, ownName)),
      h('button', { type: 'button', id: 'theme', 'aria-pressed': String(dark), onclick: () => {
        document.documentElement.dataset.theme = dark ? 'light' : 'dark';
        header();
        redrawAll();
        by('theme').focus();
      } }, text.theme),
      h('button', { type: 'button', onclick: () => window.print() }, text.print))));
}

function notes() {
  const list = [facts.synthetic ? text.noteSynthetic : text.noteOther, text.noteForecast];
  if (text.noteEnded[facts.ended]) list.push(text.noteEnded[facts.ended](numbers.count(facts.replications), numbers.count(facts.replications_wanted)));
  if (facts.failed_replications > 0) list.push(text.noteFailed(numbers.count(facts.failed_replications)));
  if (facts.missing_crews) list.push(text.noteCrews(facts.missing_crews));
  if (facts.replications < 200) list.push(text.notePrecision(numbers.count(facts.replications)));
  return h('div', { class: 'note', role: 'note' }, list.map((line) => h('p', {}, line)));
}

function headline() {
  const lost = (service) => metrics[`${service}.household_hours_lost`];
  const lead = text.lead(joined(modelled.map((service) => text.leadPart(numbers.about(perHousehold(lost(service).mean)), text.without[service]))), numbers.count(facts.horizon_days));
  const row = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  const cards = modelled.map((service) => {
    const of = lost(service);
    const scale = 1 / facts.households;
    const over = metrics[`${service}.households_over_72h`];
    const peak = metrics[`${service}.peak_households`];
    return h('div', { class: 'card', style: { '--service': `var(--${service})` } },
      h('h3', {}, text.service[service]),
      h('p', { class: 'big' }, numbers.about(of.mean * scale)),
      h('p', { class: 'small soft', style: { margin: '0' } }, text.perHousehold),
      h('dl', {},
        row(text.simulation, numbers.range(of.ci95_low * scale, of.ci95_high === null ? null : of.ci95_high * scale)),
        row(text.parameters, parameterRange(of, scale)),
        row(text.oneWinter, numbers.range(of.p05 * scale, of.p95 * scale)),
        row(text.peak, numbers.about(peak.mean)),
        row(text.over72, numbers.about(over.mean)),
        row(text.longest, `${numbers.about(metrics[`${service}.longest_outage_hours`].mean)} ${text.hours}`)));
  });
  return section('headline', text.headline, h('p', { class: 'lead' }, lead), h('div', { class: 'cards' }, cards),
    h('h3', {}, text.uncertainTitle), h('ul', {}, text.uncertain.map(([name, meaning]) => h('li', {}, h('strong', {}, name), ` ${meaning}`))));
}

function fans() {
  const largest = (list) => list.reduce((best, value, hour) => (value > list[best] ? hour : best), 0);
  const figures = services.map(({ service, households_off_by_hour: values }) => {
    const without = text.without[service];
    const typical = largest(values.p50);
    const severe = largest(values.p95);
    const share = (n) => numbers.percent(n / facts.households);
    const high = [numbers.about(values.p95[severe]), share(values.p95[severe]), numbers.atHour(severe)];
    const sentence = values.p95[severe] === 0 ? text.fanQuiet(without)
      : values.p50[typical] === 0 ? text.fanNone(without, ...high)
      : text.fanSentence(without, numbers.about(values.p50[typical]), share(values.p50[typical]), numbers.atHour(typical), ...high);
    const days = Math.ceil(values.p50.length / 24);
    const top = (list, day) => Math.max(...list.slice(24 * day, 24 * day + 24));
    return figure({
      title: text.service[service],
      sentence,
      option: fan({ values, colour: service, numbers, labels: text }),
      legend: legend([labelled(lineSample(service), text.legend.median), labelled(areaSample(service, 0.55), text.legend.half), labelled(areaSample(service, 0.25), text.legend.ninety)]),
      data: {
        caption: text.fanTable(without),
        head: [text.day, ...text.quantiles],
        rows: Array.from({ length: days }, (_, day) => [numbers.onDay(day), ...['p05', 'p25', 'p50', 'p75', 'p95'].map((key) => numbers.about(top(values[key], day)))]),
      },
    });
  });
  return section('fan', text.fan, h('p', {}, text.fanIntro), figures);
}

function exceedances() {
  // Largest value that at least so many per cent of the winters reach.
  const reached = ({ probability_percent: p, household_hours: v }, percent) => {
    const i = p.findIndex((value) => value >= percent);
    return perHousehold(v[i < 0 ? v.length - 1 : i]);
  };
  const chances = [99, 95, 90, 75, 50, 25, 10, 5, 1];
  return section('exceedance', text.exceedance, h('p', {}, text.exceedanceIntro), figure({
    sentence: text.exceedanceSentence(joined(services.map(({ service, exceedance: curve }) => text.exceedancePart(text.without[service], numbers.about(reached(curve, 10)))))),
    option: exceedance({
      numbers,
      lines: services.map(({ service, exceedance: curve }) => ({
        service,
        title: text.service[service],
        points: curve.household_hours.map((value, i) => [perHousehold(value), curve.probability_percent[i]]).reverse(),
      })),
    }),
    axis: text.exceedanceAxis,
    className: 'chart tall',
    legend: legend(modelled.map((service) => labelled(lineSample(service, dashes[service]), text.service[service]))),
    data: {
      caption: text.exceedanceTable,
      head: [text.shareOfWinters, ...modelled.map((service) => text.service[service])],
      rows: chances.map((chance) => [numbers.percent(chance / 100), ...services.map(({ exceedance: curve }) => numbers.about(reached(curve, chance)))]),
    },
  }));
}

function longOutages() {
  const thresholds = [6, 24, 72, 168];
  const of = (service, hours) => metrics[`${service}.households_over_${hours}h`];
  return section('long', text.long, h('p', {}, text.longIntro), figure({
    sentence: text.longSentence(joined(modelled.map((service) => text.longPart(numbers.about(of(service, 72).mean), numbers.percent(of(service, 72).mean / facts.households), text.without[service])))),
    option: bars({
      names: thresholds.map((hours) => `\u2265 ${hours} ${text.hours}`),
      series: modelled.map((service) => ({ service, title: text.service[service], values: thresholds.map((hours) => of(service, hours).mean) })),
      numbers,
    }),
    legend: legend(modelled.map((service) => labelled(areaSample(service, 1), text.service[service]))),
    data: {
      caption: text.longCaption,
      head: [text.mapService, ...thresholds.map(text.longHead)],
      rows: modelled.map((service) => [text.service[service], ...thresholds.map((hours) => `${numbers.about(of(service, hours).mean)} (${numbers.range(of(service, hours).p05, of(service, hours).p95)})`)]),
    },
  }));
}

function byZone() {
  const least = numbers.count(run.smallest_zone_households);
  if (zones.length === 0) return section('zones', text.zones, h('p', {}, text.zonesNone(least)));
  const holder = h('div', {}, zonesOver(24));
  const choice = h('select', { id: 'zone-hours', onchange: () => {
    forgetIn(holder);
    holder.replaceChildren(zonesOver(Number(choice.value)));
    queue.splice(0).forEach((task) => task());
  } }, [24, 72, 168].map((hours) => h('option', { value: hours }, text.longHead(hours))));
  return section('zones', text.zones, h('p', {}, text.zonesIntro(least)), h('div', { class: 'tools' }, h('label', {}, `${text.zoneHoursChoice} `, choice)), holder);
}

/** Zones by the share of their households that are without for so many hours on end. */
function zonesOver(least) {
  const over = (zone, service) => zone[service][`households_over_${least}h_mean`];
  const share = (zone, service) => over(zone, service) / zone.households;
  const name = (zone) => (zone.merged_zones > 0 ? text.others(zone.merged_zones) : zone.name);
  const worst = (zone) => Math.max(...modelled.map((service) => share(zone, service)));
  const ranked = [...zones].sort((a, b) => worst(b) - worst(a)).slice(0, 10);
  const first = ranked[0];
  const hardest = modelled.reduce((a, b) => (share(first, b) > share(first, a) ? b : a));
  const mostHours = Math.max(...zones.flatMap((zone) => modelled.map((service) => zone[service].household_hours_mean / zone.households)));
  const percent = (value) => (value > 0 && value < 0.01 ? numbers.tenths(value) : numbers.percent(value));
  return figure({
    title: text.zonesTop(numbers.count(ranked.length)),
    sentence: worst(first) > 0 ? text.zonesSentence(name(first), percent(share(first, hardest)), text.without[hardest], least) : text.zonesQuiet(least),
    option: bars({
      names: ranked.map(name),
      series: modelled.map((service) => ({ service, title: text.service[service], values: ranked.map((zone) => 100 * share(zone, service)) })),
      numbers,
      sideways: true,
      percent: true,
    }),
    axis: text.zonesAxis(least),
    className: 'chart tall',
    legend: legend(modelled.map((service) => labelled(areaSample(service, 1), text.service[service]))),
    data: {
      caption: text.zonesCaption(least),
      head: [text.zone, text.households, ...modelled.map((service) => text.zoneHours[service]), ...modelled.map((service) => text.zoneOver(text.service[service], least))],
      rows: zones.map((zone) => [
        name(zone),
        numbers.count(zone.households),
        ...modelled.map((service) => {
          const hours = zone[service].household_hours_mean / zone.households;
          return { text: numbers.about(hours), share: mostHours > 0 ? hours / mostHours : 0, colour: `var(--${service})` };
        }),
        ...modelled.map((service) => ({ text: `${numbers.about(over(zone, service))} (${percent(share(zone, service))})`, share: share(zone, service), colour: `var(--${service})` })),
      ]),
    },
  });
}

function zonesOnThePlane() {
  const placed = zones.filter((zone) => zone.x_km !== undefined);
  const days = placed[0]?.[modelled[0]]?.daily_percent_p50?.length ?? 0;
  if (placed.length < 2 || days === 0) return null;
  const map = zoneMap({ zones, services: modelled, text, numbers, dayCount: days });
  queue.push(() => follow(map));
  return section('map', text.map, h('p', {}, text.mapIntro), map.element);
}

/** A map that is drawn once it is in the page and has a width. */
function later(map) {
  if (map) queue.push(() => { map.show(); follow(map); });
}

function repairPlan() {
  if (!plan) return null;
  const map = planMap({ plan, zones, text, numbers });
  later(map);
  return planSection({ plan, map, section, text, numbers });
}

function oneWinter() {
  if (!replay) return null;
  const winter = replaySection({ replay, zones, section, text, numbers, policyName: (key) => text.policies[key] ?? key });
  later(winter.map);
  return winter.section;
}

function cold() {
  const names = Object.keys(text.metric).filter((name) => metrics[name]);
  return section('cold', text.cold, h('div', { class: 'scroll open', tabindex: '0', role: 'region', 'aria-label': text.coldCaption }, table({
    caption: text.coldCaption,
    head: [text.columns.what, text.columns.mean, text.columns.simulation, text.columns.oneWinter, text.columns.parameters],
    rows: names.map((name) => {
      const of = metrics[name];
      return [text.metric[name], numbers.about(of.mean), numbers.range(of.ci95_low, of.ci95_high), numbers.range(of.p05, of.p95), parameterRange(of)];
    }),
  })));
}

function compared() {
  if (!comparison) return null;
  const known = (name) => (comparison.kind === 'policy' ? text.policies[name] ?? name : name === 'as it is' ? text.asItIs : name.replaceAll('_', ' '));
  const hours = (value) => (value === null ? null : perHousehold(value));
  const rows = comparison.pairs.map((pair) => ({ ...pair, label: `${known(pair.name)} \u2013 ${text.service[pair.service].toLowerCase()}` }));
  const clear = (pair) => pair.ci95_high < 0 || pair.ci95_low > 0;
  // Most saved for certain, if it is anything that can be read.
  const best = rows.filter((pair) => pair.ci95_high !== null && pair.ci95_high < 0 && hours(pair.change) < -0.005).sort((a, b) => a.change - b.change)[0];
  const sentence = best
    ? text.compareSentence(known(best.name), numbers.about(-hours(best.change)), text.without[best.service], known(comparison.with), numbers.percent(best.share_better))
    : text.compareNone(known(comparison.with));
  return section('compare', text.compare, h('p', {}, text.compareIntro(known(comparison.with))), figure({
    sentence,
    option: intervals({ rows: rows.map((pair) => ({ name: pair.label, service: pair.service, mean: hours(pair.change), low: hours(pair.ci95_low), high: hours(pair.ci95_high) })), numbers }),
    axis: text.compareAxis,
    className: 'chart tall',
    legend: legend(modelled.map((service) => labelled(areaSample(service, 1), text.service[service]))),
    data: {
      caption: text.compareCaption,
      head: text.compareHead,
      rows: rows.map((pair) => [pair.label, numbers.signed(hours(pair.change)), `${numbers.signed(hours(pair.ci95_low))} \u2026 ${numbers.signed(hours(pair.ci95_high))}`, clear(pair) ? text.yes : text.no, numbers.percent(pair.share_better), numbers.percent(pair.share_worse)]),
    },
  }));
}

function generatorSets() {
  if (generators.length === 0) return section('generators', text.generators, h('p', {}, text.generatorsNone));
  const most = generators.reduce((a, b) => (b.sets[1] > a.sets[1] ? b : a));
  return section('generators', text.generators, h('p', {}, text.generatorsIntro),
    h('p', {}, text.generatorsSentence(numbers.unbroken(text.setClass(most.set_class)), numbers.count(most.sets[1]), numbers.count(most.sets[2]))),
    h('div', { class: 'scroll open', tabindex: '0', role: 'region', 'aria-label': text.generatorsCaption }, table({
      caption: text.generatorsCaption,
      head: text.generatorHead,
      rows: generators.map((need) => [numbers.unbroken(text.setClass(need.set_class)), numbers.count(need.facilities), numbers.about(need.mean_load_kw), ...need.sets.map((n) => numbers.count(n)), ...need.litres_worst_day.map((n) => numbers.about(n))]),
    })));
}

function method() {
  const known = (list, key) => list[key] ?? key;
  const { by_confidence: confidence } = parameters;
  const rows = [
    ['scenario', facts.scenario], ['households', numbers.count(facts.households)], ['people', numbers.rough.format(facts.people_per_household)],
    ['campaign', known(text.campaigns, facts.campaign)], ['weather', known(text.weathers, facts.weather)], ['policy', known(text.policies, facts.policy)],
    ['overlays', facts.overlays.join(', ') || text.none], ['parameters', facts.parameters_sampled ? text.parametersSampled : text.parametersAreFixed],
    ['replications', numbers.count(facts.replications)], ['seed', facts.seed], ['program', `wintergrid ${facts.program_version}`], ['sha', facts.scenario_sha256],
  ];
  return section('method', text.method,
    facts.description ? h('p', {}, facts.description) : null,
    h('dl', { class: 'facts' }, rows.map(([key, value]) => h('div', {}, h('dt', {}, text.facts[key]), h('dd', {}, value)))),
    h('h3', {}, text.howTitle), h('ul', {}, text.how.map((line) => h('li', {}, line))),
    h('h3', {}, text.limitsTitle), h('ul', {}, text.limits.map((line) => h('li', {}, line))),
    h('h3', {}, text.sourcesTitle),
    h('p', {}, text.sources(...[parameters.count, confidence.S, confidence.D, confidence.A, confidence.U].map((n) => numbers.count(n)))),
    folded(text.sourcesTable, {
      caption: text.sourcesTable,
      head: text.sourcesHead,
      rows: parameters.sources.map(({ source, confidence: kind, parameters: count }) => [source, text.confidence[kind] ?? kind, numbers.count(count)]),
      left: [1],
    }),
    h('h3', {}, text.useTitle), h('p', {}, plan || replay ? text.useWithPlan : text.use));
}

function footer() {
  by('footer').replaceChildren(h('p', { class: 'small soft' }, text.madeWith),
    h('details', { class: 'small' }, h('summary', {}, text.licences), h('pre', { tabindex: '0' }, __LICENCES__)));
}

// ---- the whole ----

function choose(key) {
  language = key;
  text = texts[key];
  numbers = new Numbers(text.locale, facts.start);
  forgetAll();
  queue.length = 0;
  header();
  by('main').replaceChildren(...[notes(), headline(), repairPlan(), compared(), fans(), exceedances(), longOutages(), byZone(), zonesOnThePlane(), oneWinter(), cold(),
    sets ? setsSection({ sets, section, text, numbers, known: (list, key) => list[key] ?? key }) : generatorSets(),
    sensitivity ? sensitivitySection({ sensitivity, section, figure, text, numbers }) : null, method()].filter(Boolean));
  footer();
  queue.splice(0).forEach((task) => task());
}

const system = window.matchMedia('(prefers-color-scheme: dark)');
document.documentElement.dataset.theme = system.matches ? 'dark' : 'light';
system.addEventListener('change', () => {
  document.documentElement.dataset.theme = system.matches ? 'dark' : 'light';
  header();
  redrawAll();
});
followTheWindow();
try {
  choose(texts[language] ? language : 'en');
} catch (damaged) {
  by('main').replaceChildren(...Object.values(texts).map((words) => h('p', { class: 'note', lang: words.locale }, words.damaged)));
  throw damaged; // for who looks into the console
}
