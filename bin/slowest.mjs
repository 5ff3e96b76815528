// The slowest twenty tests of these result files (TRX): node bin/slowest.mjs FILE…
import { readFileSync } from 'node:fs';

const entities = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };
const tests = process.argv.slice(2).flatMap(file => [...readFileSync(file, 'utf8').matchAll(/<UnitTestResult ([^>]*)>/g)].map(([, words]) => {
  const of = name => words.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? '';
  const [hours = 0, minutes = 0, seconds = 0] = of('duration').split(':').map(Number);
  return { name: of('testName').replace(/&(\w+);/g, (all, name) => entities[name] ?? all), seconds: hours * 3600 + minutes * 60 + seconds };
}));
console.log('\nThe slowest twenty, in seconds:');
for (const { name, seconds } of tests.sort((a, b) => b.seconds - a.seconds).slice(0, 20)) console.log(`${seconds.toFixed(1).padStart(7)}  ${name}`);
console.log(`${tests.reduce((sum, test) => sum + test.seconds, 0).toFixed(1).padStart(7)}  all ${tests.length} together\n`);
