import { describe, expect, test } from 'vitest';
import { libraries } from './index.ts';

describe.each(libraries.map((library) => [`${library.name} ${library.version}`, library] as const))(
  '%s',
  (_, library) => {
    test('has files, an exact version, and reads nothing but its own files', () => {
      expect(library.version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(library.paths().size).toBeGreaterThan(10);
      const [path] = library.paths();
      expect(library.read(path ?? '')?.content).toContain('pragma solidity');
      expect(library.read('../package.json')).toBeUndefined();
      expect(library.read('package.json')).toBeUndefined();
    });
  },
);

test('of one name the newest stands first, and no version stands twice', () => {
  const labels = libraries.map((library) => `${library.name}@${library.version}`);
  expect(new Set(labels).size).toBe(labels.length);
});
