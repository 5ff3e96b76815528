#!/usr/bin/env node
// Asks the sources of our packages for known vulnerabilities in what the lock files name, ours and what those bring along.
// Fails on high and critical ones. A source that cannot be asked, or knows nothing of the matter, is said plainly and is
// no failure: whoever builds without a network is not held up, and nobody takes silence for an answer.
// CC_AUDIT_NUGET and CC_AUDIT_NPM name other sources than the machine's own, CC_AUDIT_PROJECT one project of the solution.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const grave = ['high', 'critical'];

// { found: [{ package, severity, where }], silent: why the source did not answer, or undefined }
function askNuGet() {
  const folder = mkdtempSync(join(tmpdir(), 'contactcenter-audit-'));
  try {
    // Only a source that is named for audits says so when it has no data.
    const config = join(folder, 'nuget.config');
    const sources = process.env.CC_AUDIT_NUGET ? [process.env.CC_AUDIT_NUGET] : nuGetSources();
    const list = sources.map((url, at) => `<add key="${new URL(url).host} ${at + 1}" value="${url}" protocolVersion="3" allowInsecureConnections="${url.startsWith('http:')}" />`).join('');
    writeFileSync(config, `<configuration><packageSources><clear />${list}</packageSources><auditSources><clear />${list}</auditSources></configuration>`);
    const asked = run('dotnet', ['list', process.env.CC_AUDIT_PROJECT ?? 'ContactCenter.sln', 'package', '--vulnerable', '--include-transitive', '--format', 'json', '--config', config]);
    const answer = parse(asked.stdout);
    if (!answer) return { found: [], silent: firstLine(asked.stderr || asked.stdout) };
    const found = new Map();
    for (const project of answer.projects ?? [])
      for (const framework of project.frameworks ?? [])
        for (const each of [...framework.topLevelPackages ?? [], ...framework.transitivePackages ?? []])
          for (const { severity, advisoryurl } of each.vulnerabilities ?? [])
            found.set(`${each.id} ${advisoryurl}`, { package: `${each.id} ${each.resolvedVersion}`, severity: severity.toLowerCase(), where: advisoryurl });
    const problem = answer.problems?.find(each => /vulnerability|unable to load/i.test(each.text ?? ''));
    return { found: [...found.values()], silent: problem?.text };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function nuGetSources() {
  const lines = execFileSync('dotnet', ['nuget', 'list', 'source', '--format', 'Short'], { encoding: 'utf8', cwd: root }).split('\n');
  return lines.map(line => /^E\w* (https?:\S+)/.exec(line)?.[1]).filter(Boolean);
}

function askNpm() {
  const other = process.env.CC_AUDIT_NPM ? ['--registry', process.env.CC_AUDIT_NPM] : [];
  const asked = run('npm', ['audit', '--json', '--package-lock-only', '--audit', ...other]);
  const answer = parse(asked.stdout);
  if (!answer?.vulnerabilities) return { found: [], silent: answer?.message || answer?.error?.summary || firstLine(asked.stderr) };
  return {
    found: Object.values(answer.vulnerabilities).map(each => ({
      package: `${each.name} ${each.range}`,
      severity: each.severity,
      where: each.via.map(via => via.url ?? via).join(' '),
    })),
  };
}

function run(command, args) {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', cwd: root, timeout: 120_000, maxBuffer: 64 << 20 });
  return { stdout: stdout ?? '', stderr: stderr || error?.message || '' };
}

function parse(text) {
  try {
    return JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return undefined;
  }
}

const firstLine = text => text.split('\n').map(line => line.trim()).find(line => line.length > 0) ?? 'no answer';

let failed = false;
for (const [name, ask] of [['NuGet', askNuGet], ['npm', askNpm]]) {
  const { found, silent } = ask();
  if (silent) console.log(`${name}: NOT AUDITED. Its source could not tell what is vulnerable: ${silent}`);
  else if (found.length === 0) console.log(`${name}: no known vulnerability.`);
  for (const each of found) {
    const fails = grave.includes(each.severity);
    failed ||= fails;
    console.log(`${name}: ${fails ? 'FAILED: ' : ''}${each.severity}: ${each.package} ${each.where}`);
  }
}
process.exit(failed ? 1 : 0);
