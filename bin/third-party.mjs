// Makes THIRD-PARTY.md: what others wrote of what is published or fetched to run, with its licences and their texts. It reads what
// restore left on this machine and asks nobody else: obj/project.assets.json with the packages it names, and node_modules.
//   node bin/third-party.mjs            writes the file
//   node bin/third-party.mjs --check    only compares
//   … --assets FILE                     another project.assets.json
// Ends with 1 where they differ, where a licence is not one of those below, or where its text is nowhere.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'THIRD-PARTY.md');
const words = process.argv.slice(2);
const assets = words.includes('--assets') ? words[words.indexOf('--assets') + 1] : join(root, 'ContactCenter.Web/obj/project.assets.json');

// Identifiers of SPDX. Software under another is not to be published before somebody has read it and put it here.
const known = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'LGPL-3.0-only', 'LGPL-3.0-or-later', 'MIT', 'MIT-0', 'PostgreSQL'];
const otherNames = { 'BSD-0-Clause': '0BSD' };
// Of a package that has a text and no identifier: by the words of its own.
const byWords = [
  ['LGPL-3.0-or-later', /Lesser General Public License[^.]*version 3 of the License, or \(at your option\) any later version/i],
  ['LGPL-3.0-only', /licensed under the terms of the LGPLv3 license/i],
  ['MIT', /^(The )?MIT License\b/i],
  ['Apache-2.0', /^Apache License\s+Version 2\.0/i],
];
// LGPL adds to GPL, so both have to be there (LGPL 3, 4b).
const mustContain = {
  LGPL: [/GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3/, /GNU GENERAL PUBLIC LICENSE\s+Version 3/],
};
// Not LICENSE_STANDARD and the like: further licences one may buy.
const texts = /^(licen[cs]es?|copying|notices?|third-?party-?notices?)(\.|$)/i;
const grants = /^(licen[cs]es?|copying)([./\\]|$)/i;

const problems = [];

const plain = text => text.replace(/^\uFEFF/, '').replaceAll('\r', '').split('\n').map(line => line.trimEnd()).join('\n').replace(/^\n+|\n+$/g, '');
const read = (...path) => plain(readFileSync(join(...path), 'utf8'));
const byName = (a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);

function textsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).filter(each => texts.test(each.name)).map(each => each.name).sort(byName)
    .flatMap(name => (statSync(join(folder, name)).isFile() ? [name] : readdirSync(join(folder, name)).sort(byName).map(each => join(name, each))))
    .map(name => ({ grants: grants.test(name), text: read(folder, name) }));
}

function nuGetPackages() {
  const { targets, libraries, packageFolders } = JSON.parse(read(assets));
  // What has nothing at run time (analyzers, LibMan) stays with those who build.
  const shipped = Object.entries(targets['net10.0']).filter(([, each]) => each.type === 'package')
    .filter(([, each]) => ['runtime', 'runtimeTargets', 'native', 'resource']
      .some(kind => Object.keys(each[kind] ?? {}).some(name => !name.endsWith('/_._'))));
  return shipped.map(([key]) => {
    const [name, version] = key.split('/');
    const folder = Object.keys(packageFolders).map(each => join(each, libraries[key].path)).find(existsSync);
    const spec = read(folder, readdirSync(folder).find(each => each.endsWith('.nuspec')));
    const field = tag => unescape(new RegExp(`<${tag}(?:\\s[^>]*)?>([^<]*)</${tag}>`).exec(spec)?.[1] ?? '');
    const found = textsIn(folder);
    const expression = /<license\s+type="expression"[^>]*>([^<]*)</.exec(spec)?.[1];
    const licence = expression ?? byWords.find(([, like]) => found.some(each => each.grants && like.test(each.text)))?.[0];
    return { name, version, licence, found, by: field('copyright') || `Copyright ${field('authors')}` };
  });
}

function unescape(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&').trim();
}

function npmPackages() {
  const entries = Object.entries(JSON.parse(read(root, 'package-lock.json')).packages).filter(([path, each]) => path && !each.dev);
  return entries.map(([path, { version, license, optional = false }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    // Of those for each platform one is here, and they have one text.
    const here = optional ? entries.map(([other]) => other).filter(other => dirname(other) === dirname(path)) : [path];
    const folder = here.map(each => join(root, each)).find(existsSync);
    return { name, version, licence: otherNames[license] ?? license, found: folder ? textsIn(folder) : [], optional, by: '' };
  });
}

function check(each) {
  if (!known.includes(each.licence)) {
    problems.push(`${each.name} ${each.version}: unknown licence ${each.licence ?? '(its package names none)'}. Read it; known are ${known.join(', ')}.`);
  } else if (!each.found.some(text => text.grants)) {
    const standard = join(root, 'bin/licences', `${each.licence}.txt`);
    if (existsSync(standard)) each.standard = read(standard);
    else problems.push(`${each.name} ${each.version}: the text of ${each.licence} is neither in its package nor in bin/licences.`);
  }
}

function table(packages) {
  return ['| package | version | licence |', '|---|---|---|', ...packages.map(each => `| ${each.name} | ${each.version} | ${each.licence} |`)].join('\n');
}

function chapters(packages) {
  const groups = new Map();
  for (const each of packages) {
    for (const { text, standard } of [...each.found, ...(each.standard ? [{ text: each.standard, standard: true }] : [])]) {
      const key = text.replace(/\s+/g, ' ');
      if (!groups.has(key)) groups.set(key, { text, of: [] });
      groups.get(key).of.push(standard ? `${each.name} ${each.version}: ${each.by}` : `${each.name} ${each.version}`);
    }
  }
  return [...groups.values()].map(({ text, of }, index) => {
    const fence = '~'.repeat(Math.max(3, ...[...text.matchAll(/~+/g)].map(each => each[0].length + 1)));
    return `### ${index + 1}\n\n${of.map(each => `- ${each}`).join('\n')}\n\n${fence}text\n${text}\n${fence}`;
  }).join('\n\n');
}

const nuGet = nuGetPackages().sort((a, b) => byName(a.name, b.name));
const npm = npmPackages().sort((a, b) => byName(a.name, b.name));
const all = [...nuGet, ...npm];
all.forEach(check);
const document = `# Software of others

Made by \`node bin/third-party.mjs\` from what is restored; a test holds it to that. The texts are at the end.

## In the published application

${table(nuGet)}

## In its pages

Scripts and icons as they are, and a list of common passwords made from zxcvbn's.

${table(npm.filter(each => !each.optional))}

## The embedded PostgreSQL

Not in what is published: npm fetches it to where the application is built, for a machine without a server of its own. Its
package brings PostgreSQL (PostgreSQL licence) and the libraries that needs, each under its own licence.

${table(npm.filter(each => each.optional))}

## Texts

${chapters(all)}
`;
for (const [family, parts] of Object.entries(mustContain)) {
  const of = all.filter(each => each.licence?.startsWith(family));
  if (of.length > 0 && !parts.every(part => part.test(document))) problems.push(`${of[0].name} ${of[0].version}: no package has the whole text of ${of[0].licence}.`);
}
const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r', '') : '';
if (words.includes('--check') && before !== document && problems.length === 0) {
  const [old, now] = [before.split('\n'), document.split('\n')];
  const at = now.findIndex((line, index) => line !== old[index]);
  problems.push(`THIRD-PARTY.md is not of what is restored (line ${at + 1}: "${old[at] ?? ''}", not "${now[at] ?? ''}"). Run: node bin/third-party.mjs`);
}
for (const problem of problems) console.log(problem);
if (!words.includes('--check') && problems.length === 0) writeFileSync(file, document);
process.exit(problems.length > 0 ? 1 : 0);
