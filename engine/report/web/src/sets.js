// Sets to send: needs with the number that is recommended, what remains unmet, what sets save, where a stock goes.
import { folded, h, table } from './dom.js';

export function setsSection({ sets, section, text, numbers, known }) {
  const three = (quantiles) => [quantiles.p50, quantiles.p80, quantiles.p95].map(({ value }) => numbers.about(value)).join(' / ');
  const interval = ({ mean, ci95_low: low, ci95_high: high }) => `${numbers.about(mean)} (${numbers.range(low, high)})`;
  const needs = (by) => sets.needs.filter((need) => (by === 'class' ? need.by === 'all' && need.set_class !== 'all' : need.by === 'kind' && need.set_class === 'all'));
  const recommended = ({ at_level: level }) => (level ? `${numbers.about(level.sets_at_once.value)} (${numbers.range(level.sets_at_once.ci95_low, level.sets_at_once.ci95_high)})` : '\u2013');
  const rowOf = (name, need) => [name, numbers.count(need.facilities), numbers.count(need.without_set), three(need.sets_at_once), recommended(need), three(need.run_hours), three(need.litres)];
  const className = (name) => (name === 'all' ? text.allClasses : numbers.unbroken(text.setClass(name)));
  const savings = sets.savings.filter((one) => one.units > 0);
  const best = savings.filter((one) => one.household_hours_saved_per_1000_usd && one.household_hours_saved.all.ci95_low > 0)
    .sort((a, b) => b.household_hours_saved_per_1000_usd.all.mean - a.household_hours_saved_per_1000_usd.all.mean)[0];
  const scroll = (caption, content) => h('div', { class: 'scroll open gap', tabindex: '0', role: 'region', 'aria-label': caption }, table({ caption, ...content }));
  return section('sets', text.sets,
    h('p', {}, text.setsIntro(numbers.unbroken(sets.level), numbers.count(sets.winters))),
    best ? h('p', {}, text.setsBest(text.setVariants[best.variant] ?? best.meaning, numbers.about(best.household_hours_saved_per_1000_usd.all.mean))) : null,
    scroll(text.setsClassCaption, { head: text.setsHead(sets.level), rows: needs('class').map((need) => rowOf(className(need.set_class), need)) }),
    scroll(text.setsKindCaption, { head: [text.setsKind, ...text.setsHead(sets.level).slice(1)], rows: needs('kind').map((need) => rowOf(known(text.facilityKinds, need.name), need)) }),
    ...unmet({ gaps: sets.unmet_gap ?? [], scroll, interval, className, text, numbers }),
    h('h3', {}, text.savingsTitle),
    scroll(text.savingsCaption, {
      head: text.savingsHead,
      rows: savings.map((one) => [text.setVariants[one.variant] ?? one.meaning, numbers.count(one.units), interval(one.household_hours_saved.heat), interval(one.household_hours_saved.water), interval(one.household_hours_saved_per_unit.all), one.household_hours_saved_per_1000_usd ? interval(one.household_hours_saved_per_1000_usd.all) : '\u2013']),
    }),
    ...(sets.allocation ? stock({ allocation: sets.allocation, scroll, interval, className, known, text, numbers }) : []),
    h('p', { class: 'small soft' }, text.setsNote));
}

function unmet({ gaps, scroll, interval, className, text, numbers }) {
  if (gaps.length === 0) return [];
  const sum = (of) => gaps.reduce((total, gap) => total + of(gap), 0);
  return [
    h('h3', {}, text.gapTitle),
    h('p', {}, text.gapSentence(numbers.count(sum((gap) => gap.sets)), numbers.about(sum((gap) => gap.no_set_facility_hours.mean)), numbers.about(sum((gap) => gap.remaining_facility_hours.mean)))),
    scroll(text.gapCaption, {
      head: text.gapHead,
      rows: gaps.map((gap) => [className(gap.set_class), numbers.count(gap.sets), interval(gap.no_set_facility_hours), interval(gap.remaining_facility_hours), numbers.about(gap.start_failure_facility_hours.mean), numbers.about(gap.out_of_fuel_facility_hours.mean)]),
    }),
  ];
}

/** The rules side by side: what each saves, and how many sets go where. */
function stock({ allocation, scroll, interval, className, known, text, numbers }) {
  const { rules } = allocation;
  if (rules.length === 0) return [];
  const ruleName = (rule) => text.stockRules[rule.rule] ?? rule.meaning;
  const [best, ...others] = rules;
  const against = others.filter((rule) => rule.by_saving_saves_more).map((rule) => {
    const more = rule.by_saving_saves_more;
    return more.ci95_low > 0 || more.ci95_high < 0
      ? text.stockMore(ruleName(rule), numbers.about(more.mean), numbers.range(more.ci95_low, more.ci95_high))
      : text.stockUnclear(ruleName(rule));
  });
  const named = { class: className, kind: (name) => known(text.facilityKinds, name), zone: (name) => name || text.stockOthers };
  const byPart = ['class', 'kind', 'zone'].map((by) => {
    const names = [...new Set(rules.flatMap((rule) => rule.sets_by.filter((part) => part.by === by).map((part) => part.name)))];
    const sets = (rule, name) => rule.sets_by.filter((part) => part.by === by && part.name === name).reduce((sum, part) => sum + part.sets, 0);
    // The others last, else most by saving first.
    names.sort((a, b) => (a === '') - (b === '') || sets(best, b) - sets(best, a) || a.localeCompare(b));
    return names.length === 0 ? null : folded(text.stockByCaption[by], {
      caption: text.stockByCaption[by],
      head: [text.stockByHead[by], ...rules.map(ruleName)],
      rows: names.map((name) => [named[by](name), ...rules.map((rule) => numbers.count(sets(rule, name)))]),
    });
  });
  return [
    h('h3', {}, text.stock),
    h('p', {}, [text.stockSentence(numbers.count(best.sets), numbers.about(best.household_hours_saved.all.mean), numbers.range(best.household_hours_saved.all.ci95_low, best.household_hours_saved.all.ci95_high)), ...against].join(' ')),
    scroll(text.stockCaption, {
      head: text.stockHead,
      rows: rules.map((rule) => [ruleName(rule), numbers.count(rule.sets), ...['heat', 'water', 'all'].map((what) => interval(rule.household_hours_saved[what])), rule.by_saving_saves_more ? interval(rule.by_saving_saves_more) : '\u2013', interval(rule.facility_hours_saved)]),
    }),
    ...byPart,
    h('p', { class: 'small soft' }, text.stockNote(numbers.count(allocation.chosen_on_winters.count))),
  ];
}
