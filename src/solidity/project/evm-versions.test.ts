import { expect, test } from 'vitest';
import { foundryEvmVersion } from './evm-versions.ts';

test.each([
  ['0.8.37', undefined, 'osaka'],
  ['0.8.29', undefined, 'osaka'],
  ['0.8.28', undefined, 'prague'],
  ['0.8.26', undefined, 'cancun'],
  ['0.8.20', undefined, 'shanghai'],
  ['0.7.6', undefined, 'istanbul'],
  ['0.4.20', undefined, undefined],
  ['0.8.37', 'paris', 'paris'],
  ['0.8.20', 'cancun', 'shanghai'],
  ['0.8.30', 'of-the-future', 'of-the-future'],
])('%s told %s compiles for %s', (compiler, wanted, version) => {
  expect(foundryEvmVersion(compiler, wanted)).toBe(version);
});
