import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { testDeployment } from '../../test/support/test-deployment.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { local } from '../chain/networks/local.ts';
import type { CallRequest, ChainClient } from '../chain/types.ts';
import { rememberGas } from './known-gas.ts';
import type { DeployPlan } from './types.ts';

let anvil: Anvil;
let chain: ChainClient;
/** What was asked of the chain. */
const calls: CallRequest[] = [];
let estimates = 0;

beforeAll(async () => {
  anvil = await startAnvil();
  const real = connectChain({ network: local, rpcUrls: [anvil.url] });
  chain = {
    ...real,
    call(request, at) {
      calls.push(request);
      return real.call(request, at);
    },
    estimateGas(request) {
      estimates += 1;
      return real.estimateGas(request);
    },
  };
});
afterAll(() => anvil.stop());

test('an equal creation is tried under the limit of the estimate before it, and not estimated again', async () => {
  const knownGas = rememberGas({ keptMs: 60_000, now: () => 0 });
  const first = testDeployment(chain);
  const { state } = await first.run({ knownGas });
  expect([state.status, estimates]).toEqual(['confirmed', 1]);
  calls.length = 0;
  const plan = { ...first.plan, deploymentId: 'again' };
  const again = testDeployment(chain, plan);
  const repeated = await again.run({ knownGas, signer: first.signer, plan });
  expect([repeated.state.status, estimates]).toEqual(['confirmed', 1]);
  const limit = BigInt(state.attempts[0]?.gasLimit ?? 0);
  expect(calls.map(({ gas }) => gas)).toEqual([limit]);
  expect(repeated.state.attempts[0]?.gasLimit).toBe(limit.toString());
  expect(repeated.state.estimate?.gasEstimate).toBe(state.estimate?.gasEstimate);
});

test('a limit that is no longer enough is found out, and the creation estimated anew', async () => {
  const knownGas = rememberGas({ keptMs: 60_000, now: () => 0 });
  const one = testDeployment(chain);
  knownGas.keep(one.plan, 60_000n);
  estimates = 0;
  const { state } = await one.run({ knownGas });
  expect([state.status, estimates]).toEqual(['confirmed', 1]);
  expect(BigInt(state.estimate?.gasEstimate ?? 0)).toBeGreaterThan(60_000n);
  expect(knownGas.find(one.plan)).toBe(BigInt(state.estimate?.gasEstimate ?? 0));
});

test('an estimate serves only what is the same to the byte, and for a while', () => {
  let now = 0;
  const knownGas = rememberGas({ keptMs: 60_000, now: () => now });
  const { plan } = testDeployment(chain);
  knownGas.keep(plan, 100n);
  const differs = (change: Partial<DeployPlan>) => knownGas.find({ ...plan, ...change });
  expect(differs({})).toBe(100n);
  expect(differs({ chainId: 1 })).toBeNull();
  expect(differs({ from: `0x${'1'.repeat(40)}` })).toBeNull();
  expect(differs({ value: '1' })).toBeNull();
  expect(differs({ data: `${plan.data}00` })).toBeNull();
  now = 59_999;
  expect(differs({})).toBe(100n);
  now = 60_000;
  expect(differs({})).toBeNull();
});
