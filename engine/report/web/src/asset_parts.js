// The map of a plan's jobs and that of one winter, from what the other commands wrote.
import { assetMap } from './asset_map.js';
import { h, lastOf } from './dom.js';
import { Numbers } from './numbers.js';

const known = (series, hours) => Object.fromEntries(Object.entries(series).filter(([, values]) => Array.isArray(values) && values.length >= hours));

/** By day the most at once, a column a service. */
function daily(series, hours, clock, text, numbers, caption) {
  const services = Object.keys(series);
  return {
    title: text.assetDailyTitle,
    caption,
    head: [text.day, ...services.map((service) => text.service[service])],
    rows: Array.from({ length: Math.ceil(hours / 24) }, (_, day) => [clock(24 * day, true), ...services.map((service) => numbers.about(Math.max(...series[service].slice(24 * day, 24 * day + 24))))]),
  };
}

const inWords = (counts, text, numbers) => Object.entries(counts).filter(([, n]) => n > 0).map(([status, n]) => text.assetCount(numbers.count(n), text.assetStatus[status])).join(', ');
const withoutWords = (off, text, numbers) => (Object.keys(off).length === 0 || Object.values(off).some((n) => n === null || n === undefined) ? '' : text.assetOff(Object.entries(off).map(([service, n]) => `${numbers.about(n)} ${text.without[service]}`).join(', ')));

/** Half of the futures in which there is a job at all reach the stage. */
const usual = (stage, job) => stage !== null && (stage.share_of_futures ?? 1) >= 0.5 * (job.share_of_futures_with_a_job ?? 1);

function changesOf(job) {
  const changes = [{ hour: 0, status: job.temporarily_fixed ? 'temporarily_fixed' : job.share_of_futures_damaged < 1 ? 'suspected' : 'damaged' }];
  if (usual(job.back, job)) {
    const behind = usual(job.permanent_repair, job);
    if (job.back.begins_hours) changes.push({ hour: Math.max(0, job.back.begins_hours.p50), status: 'under_way' });
    changes.push({ hour: job.back.ends_hours.p50, status: job.permanent_repair ? 'temporarily_fixed' : 'restored' });
    if (behind) changes.push({ hour: job.permanent_repair.ends_hours.p50, status: 'restored' });
  } else if (job.temporarily_fixed && usual(job.permanent_repair, job)) {
    changes.push({ hour: job.permanent_repair.ends_hours.p50, status: 'restored' });
  }
  return changes;
}

/** Null where the plan is of a version without places. */
export function planMap({ plan, zones, text, numbers }) {
  if (plan.jobs.length === 0 || plan.jobs.some((job) => job.place === null)) return null;
  const hours = Math.max(1, Math.min(336, Math.floor(plan.horizon_hours)));
  const days = new Numbers(text.locale, plan.moment);
  const clock = (hour, short) => (short ? text.assetAfter(numbers.count(hour)) : Number.isFinite(days.start) ? `${text.assetAfter(numbers.count(hour))} (${days.atHour(hour)})` : text.assetAfter(numbers.count(hour)));
  const items = plan.jobs.map((job) => ({ number: job.position, name: job.component, zone: job.zone, place: job.place, far_end: job.far_end, changes: changesOf(job) }));
  const series = Object.fromEntries(Object.entries(plan.households_without_by_hour?.plan ?? {}).filter(([, band]) => band !== null).map(([service, band]) => [service, band.p50]));
  const when = (job, status) => { const change = changesOf(job).find((one) => one.status === status); return change ? numbers.about(change.hour) : '\u2013'; };
  return assetMap({
    items, zones, text, numbers, hours, clock,
    series: known(series, hours),
    first: 0,
    label: text.assetHour,
    sentence: (hour, counts, off) => `${text.assetPlanSentence(clock(hour), inWords(counts, text, numbers))}${withoutWords(off, text, numbers)}`,
    extraTable: [
      {
        title: text.table,
        caption: text.assetPlanCaption,
        head: text.assetPlanHead,
        rows: plan.jobs.map((job) => [String(job.position), job.component, job.zone, text.assetStatus[lastOf(changesOf(job), (change) => change.hour <= 0).status], when(job, 'under_way'),
          usual(job.back, job) ? numbers.about(job.back.ends_hours.p50) : '\u2013', usual(job.permanent_repair, job) ? numbers.about(job.permanent_repair.ends_hours.p50) : '\u2013']),
        left: [1, 2, 3],
      },
      ...(Object.keys(known(series, hours)).length > 0 ? [daily(known(series, hours), hours, clock, text, numbers, text.assetDaily)] : []),
    ],
  });
}

/** Per cent by hour from [hours, per cent, hours, per cent, ...]. */
function unrolled(runs, hours) {
  const list = new Uint8Array(hours);
  let at = 0;
  for (let i = 0; i + 1 < runs.length && at < hours; i += 2) {
    list.fill(runs[i + 1], at, at + runs[i]);
    at += runs[i];
  }
  return list;
}

export function replaySection({ replay, zones, section, text, numbers, policyName }) {
  const all = replay.households_without_by_hour;
  const hours = Math.max(1, Math.floor(Math.min(replay.hours, ...Object.values(all).filter((values) => values !== null).map((values) => values.length))));
  const series = Object.fromEntries(Object.entries(all).filter(([, values]) => values !== null).map(([service, values]) => [service, values.slice(0, hours)]));
  const services = Object.keys(series);
  const clock = (hour, short) => (short ? numbers.onDay(hour / 24) : numbers.atHour(hour));
  const byZone = new Map(replay.zones.map((zone) => [zone.zone, Object.fromEntries(services.map((service) => [service, unrolled(zone.runs_of_hours_and_percent_without[service] ?? [], hours)]))]));
  const hits = replay.components.map((component) => component.events[0]?.hour ?? 0);
  const order = hits.map((_, i) => i).sort((a, b) => hits[a] - hits[b] || a - b);
  const words = (event) => text.assetStatus[event.status] ?? event.status;
  const items = order.map((i, place) => {
    const { component, zone, place: at, far_end, events } = replay.components[i];
    return { number: place + 1, name: component, zone, place: at, far_end, changes: events.filter((event) => text.assetStatus[event.status]) };
  });
  const lines = items.flatMap((item) => item.changes.map((event) => ({ item, event }))).sort((a, b) => a.event.hour - b.event.hour || a.item.number - b.item.number);
  const total = (hour) => services.reduce((sum, service) => sum + series[service][hour], 0);
  let worst = 0;
  for (let hour = 1; hour < hours; ++hour) if (total(hour) > total(worst)) worst = hour;
  const strikes = lines.filter(({ event }) => event.status === 'damaged' && event.damage_state).map(({ event }) => event.hour);
  const introduction = text.replayIntro(numbers.count(replay.replication), replay.seed, policyName(replay.policy), numbers.count(strikes.length), numbers.count(items.length));
  if (items.length === 0) return { section: section('replay', text.replay, h('p', {}, introduction), h('p', {}, text.replayQuiet)), map: null };
  const map = assetMap({
    items, zones, text, numbers, hours, clock, series, strikes,
    percentAt: (i, service, hour) => byZone.get(zones[i].zone)?.[service]?.[Math.max(0, hour - 1)] ?? null,
    first: worst + 1,
    label: text.assetHour,
    sentence: (hour, counts, off) => {
      const damaged = inWords(counts, text, numbers);
      const last = lastOf(lines, ({ event }) => event.hour <= hour);
      return [damaged ? text.replaySentence(clock(hour), damaged) : text.replayNothing(clock(hour)), withoutWords(off, text, numbers), last ? ` ${text.replayLast(last.item.name, words(last.event), clock(last.event.hour))}` : ''].join('');
    },
    extraTable: [
      {
        title: text.table,
        caption: text.replayCaption,
        head: text.replayHead,
        rows: lines.map(({ item, event }) => [clock(event.hour), String(item.number), item.name, item.zone, event.damage_state ? `${words(event)} (${text.damageStates[event.damage_state] ?? event.damage_state})` : words(event)]),
        left: [2, 3, 4],
      },
      daily(series, hours, clock, text, numbers, text.replayDaily),
    ],
  });
  return { section: section('replay', text.replay, h('p', {}, introduction), map.element, h('p', { class: 'small soft' }, text.planPrivate)), map };
}
