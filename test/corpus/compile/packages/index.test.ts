import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packages } from './index.ts';

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', name), 'utf8'));
const { dependencies } = read('package.json') as { dependencies: Record<string, string> };
const lock = (
  read('package-lock.json') as {
    packages: Record<string, { version?: string; resolved?: string; integrity?: string }>;
  }
).packages;

describe.each(packages.map((pkg) => [pkg.name, pkg] as const))('%s', (_, pkg) => {
  test('names the exact version that is installed, and where its settings are published', () => {
    expect(lock[`node_modules/${pkg.package}`]?.version).toBe(pkg.version);
    expect(dependencies[pkg.package]).toMatch(new RegExp(`(^|@)${pkg.version.replaceAll('.', '\\.')}$`));
    expect(pkg.source.length).toBeGreaterThan(20);
  });

  test('has exact compilers, and at most one group for all files left over, which is the last', () => {
    for (const { compilers } of pkg.groups) {
      expect(compilers).not.toEqual([]);
      for (const compiler of compilers) expect(compiler).toMatch(/^0\.\d+\.\d+$/);
    }
    const rest = pkg.groups.findIndex(({ files }) => files === undefined);
    expect(rest).toBe(pkg.groups.length - 1);
  });

  test('gives a reason for all that it explains', () => {
    for (const { reason } of pkg.explained ?? []) expect(reason.length).toBeGreaterThan(20);
  });
});

test('no two have one name', () => {
  expect(new Set(packages.map(({ name }) => name)).size).toBe(packages.length);
});

test('the lockfile names no host: packages come from wherever npm is told to look, and are checked by their digests', () => {
  const installed = Object.entries(lock).filter(([path]) => path !== '');
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
});
