// node build.mjs OUT.html: page, styles and script become one file with a strict content security policy. The same
// sources give the same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const out = process.argv[2];
if (!out) {
  console.error('usage: node build.mjs OUT.html');
  process.exit(64);
}
const source = join(dirname(fileURLToPath(import.meta.url)), 'src');

// The licences of what goes into the page, to be shown in it.
const locked = JSON.parse(readFileSync(join(source, '../package-lock.json'), 'utf8')).packages;
const licences = Object.keys(locked)
  .filter((path) => path.startsWith('node_modules/') && !locked[path].dev && !locked[path].optional)
  .sort()
  .map((path) => {
    const folder = join(source, '..', path);
    const texts = readdirSync(folder)
      .filter((name) => /^(licen[cs]e|notice)(\.|$)/i.test(name))
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8').trim());
    return [`${path.slice('node_modules/'.length)} ${locked[path].version}`, ...texts].join('\n\n');
  })
  .join('\n\n\n');

const bundle = async (entry) => {
  const result = await build({
    absWorkingDir: source,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome100', 'firefox100', 'safari15'],
    charset: 'utf8',
    define: { __LICENCES__: JSON.stringify(licences) },
    legalComments: 'none',
    logLevel: 'warning',
  });
  return result.outputFiles[0].text.trim();
};

// Inside <script>, "</script" would end it; in JavaScript text the backslash changes nothing.
const script = (await bundle('main.js')).replaceAll('</script', '<\\/script');
const style = await bundle('page.css');
const hash = createHash('sha256').update(script, 'utf8').digest('base64');
// Charts set style attributes, so styles cannot be held to a hash; nothing can be loaded from anywhere.
const policy =
  `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;

let page = readFileSync(join(source, 'page.html'), 'utf8');
for (const [place, text] of [['@policy@', policy], ['@style@', style], ['@script@', script]]) {
  if (page.split(place).length !== 2) {
    throw new Error(`page.html must have ${place} exactly once`);
  }
  page = page.replace(place, () => text);
}
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, page);
