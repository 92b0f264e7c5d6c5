import { validRange } from 'semver';
import { expect, test } from 'vitest';
import { categories } from '../categories.ts';
import { detectors } from '../detectors/index.ts';
import { tools } from './index.ts';
import { toolNames } from './types.ts';

test('the list has every name that a request may give, but for the built-in analyser', () => {
  expect(tools.map(({ name }) => name).sort()).toEqual(toolNames.filter((name) => name !== 'slipway').sort());
});

test.each(tools)('$name maps to detectors and classes that there are', ({ mapping, program }) => {
  for (const { detector, category } of Object.values(mapping)) {
    if (detector !== undefined) expect(detectors.map(({ id }) => id)).toContain(detector);
    if (category !== undefined) expect(categories).toContain(category);
    expect(detector ?? category).toBeDefined();
  }
  if (program) {
    expect(validRange(program.versions)).not.toBeNull();
    expect(program.versionNote).toMatch(/\.$/);
  }
});
