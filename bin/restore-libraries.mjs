// What LibMan cannot restore: draws the icons named in icons.txt into one sprite, wwwroot/lib/icons.svg, and writes the ten
// thousand most common passwords, which the application refuses, from the frequency list of zxcvbn (MIT licence).
// The build runs it; it writes only what changed, so an unchanged tree keeps its time stamps.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function put(target, bytes) {
  if (existsSync(target) && readFileSync(target).equals(bytes)) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
}

function read(path, wantedBy) {
  const file = join(root, path);
  if (existsSync(file)) return readFileSync(file);
  console.error(`${wantedBy} : error CC0001: ${path} does not exist. Run "npm ci", or correct the name.`);
  process.exit(1);
}

function drawIcons() {
  const names = read('icons.txt', 'icons.txt').toString().split('\n').map(line => line.trim()).filter(Boolean);
  const symbols = names.map(name => {
    const svg = read(`node_modules/lucide-static/icons/${name}.svg`, 'icons.txt').toString();
    const shapes = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">`
      + shapes.split('\n').map(line => line.trim()).join('') + '</symbol>\n';
  });
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide, ISC licence, https://lucide.dev/license -->\n${symbols.join('')}</svg>\n`;
  put(join(root, 'wwwroot/lib/icons.svg'), Buffer.from(sprite));
}

function writeCommonPasswords() {
  read('node_modules/zxcvbn/lib/frequency_lists.js', 'package.json');
  const { passwords } = createRequire(import.meta.url)('../node_modules/zxcvbn/lib/frequency_lists.js');
  const common = (Array.isArray(passwords) ? passwords : passwords.split(',')).slice(0, 10_000).map(each => each.toLowerCase());
  put(join(root, 'ContactCenter.Web/Security/common-passwords.txt'), Buffer.from(common.join('\n') + '\n'));
}

drawIcons();
writeCommonPasswords();
