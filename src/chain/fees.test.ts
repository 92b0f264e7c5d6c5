import { expect, test } from 'vitest';
import { feesFromHistory, legacyFees } from './fees.ts';
import { ethereum } from './networks/ethereum.ts';
import { local } from './networks/local.ts';
import { polygon } from './networks/polygon.ts';

const gwei = 1_000_000_000n;

test('one odd block does not decide the priority fee', () => {
  const rewards = [2n, 3n, 500n, 2n, 3n].map((fee) => fee * gwei);
  expect(feesFromHistory({ nextBaseFee: 10n * gwei, rewards }, 'standard', ethereum)).toEqual({
    type: 'eip1559',
    baseFeePerGas: 10n * gwei,
    maxPriorityFeePerGas: 3n * gwei,
    maxFeePerGas: 23n * gwei,
  });
});

test('a standard fee is still good after six full blocks', () => {
  const fees = feesFromHistory({ nextBaseFee: 10n * gwei, rewards: [] }, 'standard', ethereum);
  let baseFee = 10n * gwei;
  for (let block = 1; block < 6; block++) baseFee += baseFee / 8n;
  expect(fees.type === 'eip1559' && fees.maxFeePerGas > baseFee).toBe(true);
});

test('a network that asks for a least priority fee gets it', () => {
  const fees = feesFromHistory({ nextBaseFee: gwei, rewards: [1n] }, 'slow', polygon);
  expect(fees).toMatchObject({ maxPriorityFeePerGas: 25n * gwei });
});

test('bytes signed while the local base fee was low are good when it is one gwei again', () => {
  const fees = feesFromHistory({ nextBaseFee: 7n, rewards: [] }, 'slow', local);
  expect(fees.type === 'eip1559' && fees.maxFeePerGas >= 2n * gwei).toBe(true);
});

test('without EIP-1559 the gas price gets the margin', () => {
  expect(legacyFees(100n, 'slow')).toEqual({ type: 'legacy', gasPrice: 100n });
  expect(legacyFees(100n, 'fast')).toEqual({ type: 'legacy', gasPrice: 130n });
});
