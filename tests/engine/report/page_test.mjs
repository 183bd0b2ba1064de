// report.html in a browser: node page_test.mjs SOURCE PROGRAM CHROMIUM WORK. Renders, fills its tables, switches the
// language, obeys slider and keyboard, prints, asks the network for nothing, and axe-core finds nothing to complain of.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [source, program, executablePath, work] = process.argv.slice(2);
const web = join(source, 'engine/report/web');
const require = createRequire(join(web, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let passed = 0;
const failed = [];
async function test(name, check) {
  try {
    await check();
    ++passed;
  } catch (error) {
    failed.push(name);
    console.error(`FAILED ${name}\n  ${error.stack}`);
  }
}

// ---- a run, its page in both languages, and one of a scenario with hostile names ----

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const run = join(work, 'run');
const wintergrid = (...words) => execFileSync(program, words, { cwd: source, stdio: ['ignore', 'pipe', 'inherit'] });
wintergrid('run', 'data/oblast/scenario.yaml', '-o', run, '-n', '24', '-q');
const english = join(run, 'report.html');
const ukrainian = join(work, 'uk.html');
wintergrid('report', run, '-o', ukrainian, '--lang', 'uk');
const data = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8'));

const hostileName = '</script><img src=x onerror="document.title=1">';
const hostile = join(work, 'hostile');
cpSync(run, hostile, { recursive: true });
const bad = structuredClone(data);
bad.facts.scenario = hostileName;
bad.facts.description = hostileName;
bad.zones.forEach((zone) => { zone.name &&= hostileName; });
bad.generators.forEach((need) => { need.set_class = hostileName; });
writeFileSync(join(hostile, 'report.json'), JSON.stringify(bad));
wintergrid('report', hostile);

// A quiet run: nothing is lost, so everything that divides or looks for a maximum meets zeros.
const quiet = join(work, 'quiet');
cpSync(run, quiet, { recursive: true });
const none = structuredClone(data);
const zero = (value) => (Array.isArray(value) ? value.map(zero) : typeof value === 'number' ? 0 : value);
for (const metric of Object.values(none.metrics)) for (const key of Object.keys(metric)) metric[key] = zero(metric[key]);
for (const service of none.services) {
  for (const key of Object.keys(service.households_off_by_hour)) service.households_off_by_hour[key] = zero(service.households_off_by_hour[key]);
  service.exceedance.household_hours = zero(service.exceedance.household_hours);
}
none.zones = [];
none.generators = [];
none.facts.parameters_sampled = false;
writeFileSync(join(quiet, 'report.json'), JSON.stringify(none));
wintergrid('report', quiet);

const compared = join(work, 'compared');
wintergrid('compare', 'data/oblast/scenario.yaml', '--overlays', 'twice_the_crews,pause_7_days', '-o', compared, '-n', '16', '-q');

// A plan, sets and sensitivity, small and made by hand, with ordinary and with hostile names.
const interval = (mean) => ({ mean, ci95_low: mean / 2 - 10, ci95_high: 2 * mean });
const all = (of) => ({ power: of, heat: of, water: of, all: of });
function withParts(name, called) {
  const folder = join(work, `parts_${name}`);
  mkdirSync(folder, { recursive: true });
  const common = { format_version: 1, scenario_sha256: data.facts.scenario_sha256, winters: 8 };
  const band = { ends_hours: { p10: 1, p50: 2, p90: 4 } };
  const job = (position, component, more) => ({ position, component: called(component), zone: called('A'), crew_type: called('lines'), back: band, saves_loss: interval(500 * position), households_returned: all(10), ...more });
  const places = data.zones.filter((zone) => zone.zone).map(({ x_km, y_km }) => ({ x_km, y_km }));
  const visit = (crew, component, from, until) => ({ crew_type: called('lines'), crew, component: called(component), sets_out_hours: from, begins_hours: from + 1, ends_hours: until });
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...common, format: 'wintergrid-plan', moment: called('2026-01-20T08:00+02:00'), horizon_hours: 400, futures_judged: 8,
    saved_against_first_come: interval(1000), lower_bound: { gap: 0.2 },
    households_without_by_hour: { plan: Object.fromEntries(modelled.map((service, i) => [service, { p50: Array.from({ length: 400 }, (_, hour) => 400 * (i + 1) - hour) }])) },
    jobs: [
      job(1, 'plant/needs-no-choice', { crews_for_all_at_once: true, place: places[0], share_of_futures_damaged: 1 }),
      job(2, 'branch/first', { stays_among_first_three: 0.75, crews_for_all_at_once: false, place: places[1], far_end: places[2], share_of_futures_damaged: 1,
        back: { share_of_futures: 1, begins_hours: { p50: 1.5 }, ends_hours: { p10: 50, p50: 60, p90: 70 } }, permanent_repair: { share_of_futures: 1, ends_hours: { p50: 100 } } }),
      job(3, 'branch/second', { back: null, place: places[1], share_of_futures_damaged: 0.4 }),
      job(4, 'bus/out-of-all-zones', { back: null, place: { x_km: 500, y_km: -20 }, temporarily_fixed: true, share_of_futures_damaged: 1 })],
    visits: [visit(1, 'branch/first', 0, 60), visit(2, 'branch/second', 3, 380)] }));
  const event = (hour, status, damage_state) => ({ hour, status, ...(damage_state ? { damage_state } : {}) });
  const hours = 24 * data.facts.horizon_days;
  const zoneOf = data.zones.find((zone) => zone.zone);
  writeFileSync(join(folder, 'replay.json'), JSON.stringify({ ...common, format: 'wintergrid-replay', policy: 'nearest', seed: '7', replication: 5, hours,
    components: [
      { component: called('bus/struck-later'), zone: called('A'), crew_type: called('substation'), place: places[3], events: [event(30.5, 'damaged', called('slight')), event(33, 'under_way'), event(40, 'restored')] },
      { component: called('branch/struck-first'), zone: called('A'), crew_type: called('lines'), place: places[1], far_end: places[2], events: [event(10, 'damaged', 'extensive'), event(12, 'under_way'), event(20, 'temporarily_fixed'), event(50, called('restored'))] }],
    households_without_by_hour: Object.fromEntries(modelled.map((service) => [service, Array.from({ length: hours }, (_, hour) => (hour === 34 ? 5000 : hour >= 10 && hour < 40 ? 1200 : 0))])),
    zones: [{ zone: zoneOf.zone, runs_of_hours_and_percent_without: Object.fromEntries(modelled.map((service) => [service, [10, 0, 30, 80, hours - 40, 0]])) },
      { zone: 'nowhere', runs_of_hours_and_percent_without: {} }] }));
  const three = { p50: { value: 1 }, p80: { value: 2 }, p95: { value: 3 } };
  const need = (by, name, kind) => ({ by, name: called(name), set_class: kind, facilities: 4, without_set: 2, sets_at_once: three, run_hours: three, litres: three, at_level: { sets_at_once: { value: 17, ci95_low: 16, ci95_high: 19 } } });
  const rule = (name, sets, more) => ({ rule: called(name), meaning: called(name), sets, household_hours_saved: all(interval(700)), facility_hours_saved: interval(70), ...(more ? { by_saving_saves_more: more } : {}),
    sets_by: [{ by: 'class', name: called('30-100 kW'), sets }, { by: 'kind', name: called('hospital'), sets }, { by: 'zone', name: zoneOf.zone, sets: 1 }, { by: 'zone', name: 'a hamlet of nine households', sets: sets - 1 }] });
  const saving = (variant, units, cost) => ({ variant: called(variant), meaning: called('mobile boilers'), units, household_hours_saved: all(interval(900)), household_hours_saved_per_unit: all(interval(30)), ...(cost ? { household_hours_saved_per_1000_usd: all(interval(80)) } : {}) });
  writeFileSync(join(folder, 'generators.json'), JSON.stringify({ ...common, format: 'wintergrid-generators', level: 'P80',
    needs: [need('all', 'all', '30-100 kW'), need('kind', 'hospital', 'all'), { ...need('zone', 'all', 'all'), name: 'a village of nine households' }], savings: [saving('heating_point', 3, true), saving('mobile_boilers', 1, false)],
    unmet_gap: [{ set_class: '30-100 kW', sets: 17, no_set_facility_hours: interval(500), remaining_facility_hours: interval(40), start_failure_facility_hours: interval(3), out_of_fuel_facility_hours: interval(2) }],
    allocation: { chosen_on_winters: { first: 8, count: 1 }, stock: [{ rating_kw: 60, count: 3 }], rules: [rule('by_saving', 3), rule('by_population', 2, { mean: 200, ci95_low: -50, ci95_high: 400 }), rule('hospitals_first', 2, { mean: 900, ci95_low: 400, ci95_high: 1200 })] } }));
  const factors = [{ name: called('hazard'), mu_star: 300, ci95_low: 200, ci95_high: 400, total_share: [0.5, 0.2, 0.8] }, { name: called('repair.hours'), mu_star: 0, ci95_low: 0, ci95_high: 0 }];
  writeFileSync(join(folder, 'sensitivity.json'), JSON.stringify({ ...common, format: 'wintergrid-sensitivity', metrics: modelled.map((service) => ({ metric: `${service}.household_hours_lost`, factors })) }));
  const page = join(work, `parts_${name}.html`);
  wintergrid('report', run, '--with', folder, '-o', page);
  return page;
}
const modelled = data.services.map(({ service }) => service);
const parts = withParts('plain', (name) => name);
const only = (name, file, change = (part) => part) => {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, file), JSON.stringify(change(JSON.parse(readFileSync(join(work, 'parts_plain', file), 'utf8')))));
  wintergrid('report', run, '--with', folder, '-o', join(work, `${name}.html`));
  return join(work, `${name}.html`);
};
const winterOnly = only('winter', 'replay.json');
const oldPlan = only('old_plan', 'plan.json', (plan) => {
  delete plan.households_without_by_hour;
  for (const job of plan.jobs) for (const key of ['place', 'far_end', 'share_of_futures_damaged', 'temporarily_fixed', 'permanent_repair']) delete job[key];
  return plan;
});
const hostileParts = withParts('hostile', (name) => `${name}/${hostileName}`);

// JSON, but not what the program writes.
const damaged = join(work, 'damaged');
mkdirSync(damaged);
writeFileSync(join(damaged, 'report.json'), JSON.stringify({ ...data, metrics: {} }));
wintergrid('report', damaged, '-o', join(damaged, 'page.html'));

// ---- the browser ----

const browser = await chromium.launch({
  timeout: 120000,
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/** Opens a file; `look` gets the page and what it complained of or asked for. */
async function open(file, options, look) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, offline: true, locale: 'en-GB', ...options });
  context.setDefaultTimeout(120000); // a busy machine is slow, not wrong
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => { if (request.url() !== pathToFileURL(file).href) said.push(`asked for ${request.url()}`); });
  await page.goto(pathToFileURL(file).href);
  await look(page, said);
  await context.close();
}
const violations = (page) => page.evaluate(`${axe}; axe.run().then((result) => result.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')))`);
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

await test('the same page from run and from report', () => {
  const again = join(work, 'again.html');
  wintergrid('report', run, '-o', again);
  assert.ok(readFileSync(again).equals(readFileSync(english)));
});

await test('it renders, says nothing and asks for nothing', () => open(english, {}, async (page, said) => {
  assert.equal(await page.locator('h1').textContent(), data.facts.scenario);
  assert.ok((await page.locator('.chart svg path').count()) > 30);
  assert.equal(await page.locator('.chart').count(), 6);
  assert.ok((await page.locator('.map circle').count()) >= 10);
  assert.match(await page.locator('#watermark').getAttribute('data-text'), /SYNTHETIC/);
  const hours = data.metrics['power.household_hours_lost'].mean / data.facts.households;
  const shown = Number((await page.locator('.card .big').first().textContent()).replaceAll(',', ''));
  assert.ok(Math.abs(shown - hours) <= 0.006 * hours, `${shown} for ${hours}`);
  assert.deepEqual(said, []);
}));

for (const [language, file] of [['en', english], ['uk', ukrainian]]) {
  await test(`${language}: every chart has a sentence and a filled table`, () => open(file, {}, async (page, said) => {
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    for (const label of await page.locator('[role=img]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))) assert.ok(label?.length > 30, label);
    const tables = await page.locator('table').evaluateAll((all) => all.map((one) => [...one.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))));
    assert.ok(tables.length >= 9);
    for (const rows of tables) {
      assert.ok(rows.length >= 3);
      for (const cells of rows) for (const cell of cells) assert.ok(cell !== '' && !/undefined|NaN|null|\?/.test(cell), cells.join(' ; '));
    }
    assert.ok(!/undefined|NaN|\[object/.test(await page.locator('body').innerText()));
    assert.deepEqual(said, []);
  }));
  for (const colorScheme of ['light', 'dark']) {
    await test(`${language}, ${colorScheme}: axe-core finds nothing`, () => open(file, { colorScheme }, async (page) => {
      await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
      assert.deepEqual(await violations(page), []);
    }));
  }
  await test(`${language}: a phone need not scroll sideways`, () => open(file, { viewport: { width: 360, height: 740 } }, async (page) => {
    assert.ok((await overflow(page)) <= 0);
    await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
    assert.ok((await overflow(page)) <= 0);
  }));
}

await test('the language is switched in the page', () => open(english, {}, async (page, said) => {
  const before = await page.locator('h2').allTextContents();
  await page.locator('#language-uk').click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'uk');
  const after = await page.locator('h2').allTextContents();
  assert.equal(after.length, before.length);
  assert.ok(after.every((title) => /[\u0400-\u04ff]/.test(title)), after.join());
  assert.equal(await page.locator('.chart svg').count(), 6);
  await page.locator('#language-en').click();
  assert.deepEqual(await page.locator('h2').allTextContents(), before);
  assert.deepEqual(said, []);
}));

await test('keyboard: skip link first, arrows move the day', () => open(english, {}, async (page) => {
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  const output = page.locator('output');
  const colour = () => page.locator('.map circle').evaluateAll((all) => all.map((one) => one.getAttribute('fill')).join());
  await page.locator('section:has(#map) select').nth(1).selectOption('p95'); // in one winter both days may be quiet
  await page.locator('input[type=range]').focus();
  await page.keyboard.press('Home');
  const first = [await output.textContent(), await colour()];
  await page.keyboard.press('End');
  const last = [await output.textContent(), await colour()];
  assert.notEqual(first[0], last[0]);
  assert.notEqual(first[1], last[1]);
}));

await test('zones by hours on end, and the day in another winter', () => open(english, {}, async (page, said) => {
  const section = page.locator('section:has(#zones)');
  const before = await section.innerText();
  await page.locator('#zone-hours').selectOption('168');
  assert.match(await section.innerText(), /168\u00a0h or more/);
  assert.notEqual(await section.innerText(), before);
  assert.equal(await section.locator('.chart svg').count(), 1);
  await page.locator('#theme').click(); // redraws what is there, not what has gone
  const winter = page.locator('section:has(#map) select').nth(1);
  assert.deepEqual(await winter.locator('option').evaluateAll((all) => all.map((one) => one.value)), ['median', 'severe', 'p95']);
  const severe = await page.locator('section:has(#map) p').nth(1).textContent();
  await winter.selectOption('median');
  assert.notEqual(await page.locator('section:has(#map) p').nth(1).textContent(), severe);
  assert.deepEqual(said, []);
}));

await test('a light and a dark page, by system and by button', () => open(english, { colorScheme: 'dark' }, async (page) => {
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await back();
  await page.locator('#theme').click();
  const light = await back();
  assert.equal(light, 'rgb(255, 255, 255)');
  assert.notEqual(dark, light);
}));

await test('it prints, from a dark page too', () => open(ukrainian, { colorScheme: 'dark' }, async (page) => {
  const file = join(work, 'report.pdf');
  await page.pdf({ path: file, preferCSSPageSize: true });
  assert.ok(statSync(file).size > 30000);
  assert.equal(readFileSync(file).subarray(0, 5).toString(), '%PDF-');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark'); // and is dark again
}));

await test('names of a scenario stay text', () => open(join(hostile, 'report.html'), {}, async (page, said) => {
  assert.equal(await page.locator('h1').textContent(), hostileName);
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.locator('script').count(), 2);
  await page.locator('.chart').last().hover(); // the tooltip shows a zone's name
  assert.equal(await page.locator('img').count(), 0);
  assert.ok((await page.title()).startsWith(hostileName));
  assert.deepEqual(said, []);
}));

await test('a run in which nothing happens', () => open(join(quiet, 'report.html'), {}, async (page, said) => {
  assert.ok(!/undefined|NaN|Infinity/.test(await page.locator('body').innerText()));
  assert.equal(await page.locator('.map').count(), 0);
  assert.deepEqual(said, []);
}));

await test('a comparison has its section', () => open(join(compared, 'report.html'), {}, async (page, said) => {
  const { comparison } = JSON.parse(readFileSync(join(compared, 'report.json'), 'utf8'));
  assert.equal(comparison.pairs.length, 6);
  for (const language of ['en', 'uk']) {
    await page.locator(`#language-${language}`).click();
    const section = page.locator('section:has(#compare)');
    assert.equal(await section.locator('tbody tr').count(), 6);
    assert.ok((await section.locator('.chart svg path').count()) >= 18); // a point and three strokes each
    assert.ok(!/undefined|NaN/.test(await section.innerText()));
  }
  await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  assert.deepEqual(said, []);
  assert.deepEqual(await violations(page), []);
}));

await test('plan, sets and sensitivity have their sections', () => open(parts, {}, async (page, said) => {
  for (const language of ['en', 'uk']) {
    await page.locator(`#language-${language}`).click();
    const plan = page.locator('section:has(#plan)');
    assert.equal(await plan.locator('.gantt g').count(), 2);
    const first = (await plan.locator('p').allTextContents()).find((line) => line.includes('branch/first'));
    assert.ok(first && !first.includes('needs-no-choice') && !first.includes('branch/second'), first);
    await page.locator('details').evaluateAll((every) => every.forEach((one) => { one.open = true; }));
    assert.match(await plan.locator('tbody tr').nth(1).innerText(), /75\u00a0%/);
    assert.equal(await page.locator('section:has(#sets) table').count(), 8); // class, kind, gap, savings, rules, and where they go: class, kind, zone
    assert.equal(await page.locator('section:has(#sets) tbody tr').count(), 4 + 1 + 3 + 4);
    assert.equal(await page.locator('section:has(#sensitivity) .chart svg').count(), modelled.length);
    for (const id of ['plan', 'sets', 'sensitivity', 'replay']) {
      const words = await page.locator(`section:has(#${id})`).innerText();
      assert.ok(!/undefined|NaN|\[object|null/.test(words), words);
      if (language === 'uk') for (const title of await page.locator(`section:has(#${id}) :is(h2, h3, thead th, caption)`).allTextContents()) assert.match(title, /[\u0400-\u04ff\u2116]/);
    }
    assert.doesNotMatch(await page.locator('section:has(#method)').innerText(), /holds no asset|немає окремих/); // it does, now
    assert.deepEqual(await violations(page), []);
  }
  assert.ok(!readFileSync(parts, 'utf8').includes('nine households'));
  assert.deepEqual(said, []);
}));

await test('sets: the level that was asked for, what stays unmet, where the stock goes', () => open(parts, {}, async (page) => {
  const section = page.locator('section:has(#sets)');
  await section.locator('details').evaluateAll((every) => every.forEach((one) => { one.open = true; }));
  const words = await section.innerText();
  assert.match(words, /Recommended, P80/);
  assert.match(words, /17 \(16\u2060?\u2013\u2060?19\)/);
  assert.match(words, /With 17 sets at hand, facilities are without supply for 40 hours a winter, all added up, instead of 500\./);
  assert.match(words, /3 sets by saving: 700 household-hours/);
  assert.match(words, /Against by population: no clear difference\. Against hospitals first: 900/);
  assert.match(words, /Chosen on 1 other winter,/);
  const zones = await section.locator('table').nth(7).locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(zones, [[data.zones.find((zone) => zone.zone).name, '1', '1', '1'], ['other zones', '2', '1', '1']]);
}));

await test('the map of a plan: order, states by the hour, keyboard', () => open(parts, {}, async (page, said) => {
  const section = page.locator('section:has(#plan)');
  const marks = () => section.locator('.map.assets .mark').evaluateAll((all) => all.map((one) => `${one.querySelector('text').textContent} ${one.classList[1]}`));
  const sentence = () => section.locator('.map.assets').getAttribute('aria-label');
  assert.deepEqual(await marks(), ['1 damaged', '2 damaged', '3 suspected', '4 temporarily_fixed']);
  assert.equal(await section.locator('.map.assets line').count() > 0, true); // a line runs between two zones
  await section.locator('input[type=range]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight'); // after 2 h: job 1 is back at 2 h, job 2 is under way since 1.5 h
  assert.deepEqual(await marks(), ['1 restored', '2 under_way', '3 suspected', '4 temporarily_fixed']);
  assert.match(await sentence(), /^After 2\u00a0h \(20 Jan, 10:00\): 1 suspected, 1 under way, 1 temporarily fixed, 1 in service again\. Households: 399 without power/);
  await section.getByRole('button', { name: 'To the next change' }).press('Enter'); // 60 h
  assert.deepEqual((await marks())[1], '2 temporarily_fixed');
  assert.match(await section.locator('output').textContent(), /^60\u00a0h/);
  await section.getByRole('button', { name: 'To the next change' }).press('Enter');
  assert.deepEqual((await marks())[1], '2 restored');
  assert.equal(await section.getByRole('button', { name: 'To the next change' }).isDisabled(), true);
  const strip = section.locator('.strip');
  assert.ok((await strip.getAttribute('aria-label')).includes('1,200'));
  assert.equal(await strip.locator('path').count(), modelled.length);
  assert.deepEqual(said, []);
}));

await test('the map of a winter: strikes in order, zones, nothing intact', () => open(parts, {}, async (page, said) => {
  for (const language of ['en', 'uk']) {
    await page.locator(`#language-${language}`).click();
    const section = page.locator('section:has(#replay)');
    const marks = () => section.locator('.map.assets .mark').evaluateAll((all) => all.map((one) => `${one.querySelector('text').textContent} ${one.classList[1]}`));
    assert.deepEqual(await marks(), ['1 temporarily_fixed', '2 under_way']); // the hour with most households without
    const fill = () => section.locator('.map.assets > circle').first().getAttribute('fill');
    const without = await fill();
    assert.match(without, /^rgb/);
    assert.match(await section.locator('.map.assets').getAttribute('aria-label'), language === 'en' ? /5,000 without power/ : /5\s000 без електрики/);
    await section.locator('input[type=range]').focus();
    await page.keyboard.press('Home');
    assert.deepEqual(await marks(), []);
    assert.notEqual(await fill(), without);
    await page.keyboard.press('End');
    assert.deepEqual(await marks(), ['1 restored', '2 restored']);
    await section.locator('details').evaluateAll((every) => every.forEach((one) => { one.open = true; }));
    assert.equal(await section.locator('table').first().locator('tbody tr').count(), 7);
    assert.equal(await section.locator('table').nth(1).locator('tbody tr').count(), data.facts.horizon_days);
    assert.match(await section.innerText(), language === 'en' ? /2 strikes on 2 components[^]*keep the page among those/ : /Ударів: 2; пошкоджених об’єктів: 2/);
  }
  assert.deepEqual(said, []);
}));

await test('a page with a winter says that it is not for passing on', () => open(winterOnly, {}, async (page) => {
  assert.doesNotMatch(await page.locator('section:has(#method)').innerText(), /holds no asset/);
  assert.match(await page.locator('section:has(#method)').innerText(), /keep it among those who repair/);
  assert.match(await page.locator('#watermark').getAttribute('data-text'), /SYNTHETIC/);
  assert.equal(await page.locator('#plan').count(), 0);
  await page.pdf({ path: join(work, 'winter.pdf'), preferCSSPageSize: true });
  assert.ok(statSync(join(work, 'winter.pdf')).size > 30000);
}));

await test('a plan of before there were places has no map, and all else', () => open(oldPlan, {}, async (page, said) => {
  assert.equal(await page.locator('.map.assets').count(), 0);
  assert.equal(await page.locator('section:has(#plan) .gantt g').count(), 2);
  assert.deepEqual(said, []);
}));

await test('one and many, in both languages', async () => {
  const { en } = await import(pathToFileURL(join(web, 'src/text_en.js')));
  const { uk } = await import(pathToFileURL(join(web, 'src/text_uk.js')));
  assert.equal(en.winters('1'), '1 simulated winter');
  assert.equal(en.winters('1,000'), '1,000 simulated winters');
  assert.equal(en.subtitle('1', '1', 'x'), '1 household, 1 day from x');
  assert.equal(en.zonesTop('1'), 'The zone with the largest share');
  const households = (n) => uk.assetStripTop(n);
  assert.equal(households('1'), '1 домогосподарство');
  assert.equal(households('3'), '3 домогосподарства');
  assert.equal(households('11'), '11 домогосподарств');
  assert.equal(households('1\u00a0221'), '1\u00a0221 домогосподарство');
  assert.equal(households('1,5'), '1,5 домогосподарства');
  assert.equal(households('1,2 мільйона'), '1,2 мільйона домогосподарств');
  assert.match(uk.subtitle('2', '21', 'x'), /^2 домогосподарства, 21 доба/);
});

await test('plan, sets and sensitivity on a phone, dark', () => open(parts, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }, async (page) => {
  await page.locator('details').evaluateAll((every) => every.forEach((one) => { one.open = true; }));
  assert.ok((await overflow(page)) <= 0);
  const letters = await page.locator('.gantt text').first().evaluate((one) => one.getBoundingClientRect().height);
  assert.ok(letters >= 11, `${letters} px`); // to be read, not only there
  assert.deepEqual(await violations(page), []);
}));

await test('names in a plan, sets and sensitivity stay text', () => open(hostileParts, {}, async (page, said) => {
  assert.ok((await page.locator('.gantt title').first().textContent()).startsWith(`branch/first/${hostileName}`));
  assert.ok((await page.locator('.map.assets .mark title').first().textContent()).includes(hostileName));
  await page.locator('section:has(#replay) input[type=range]').focus();
  await page.keyboard.press('End');
  assert.equal(await page.locator('.gantt g').count(), 2);
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.locator('script').count(), 2);
  assert.ok((await page.title()).startsWith(data.facts.scenario));
  assert.deepEqual(said, []);
}));

await test('a damaged file is said, not a blank page', () => open(join(damaged, 'page.html'), {}, async (page) => {
  assert.match(await page.locator('main').innerText(), /damaged[^]*пошкоджено/);
}));

await test('its policy lets nothing be loaded', () => open(english, {}, async (page) => {
  const answer = await page.evaluate(() => fetch('data:text/plain,x').then(() => 'loaded', () => 'refused'));
  assert.equal(answer, 'refused');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    return window.ran === true;
  });
  assert.equal(ran, false);
}));

await test('both languages have the same texts', async () => {
  const { en } = await import(pathToFileURL(join(web, 'src/text_en.js')));
  const { uk } = await import(pathToFileURL(join(web, 'src/text_uk.js')));
  const shape = (value) => (typeof value === 'function' ? `function of ${value.length}` : Array.isArray(value) ? value.map(shape)
    : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)])) : typeof value);
  assert.deepEqual(shape(uk), shape(en));
});

await browser.close();
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
