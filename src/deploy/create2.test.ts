import { getContractAddress } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { boxCreation } from '../../test/support/box-contract.ts';
import { testDeployment } from '../../test/support/test-deployment.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { usualDeployer } from '../chain/create2.ts';
import { local } from '../chain/networks/local.ts';
import type { ChainClient, Hex } from '../chain/types.ts';
import type { Create2Plan } from './types.ts';

let anvil: Anvil;
let chain: ChainClient;

beforeAll(async () => {
  anvil = await startAnvil();
  chain = connectChain({ network: local, rpcUrls: [anvil.url] });
});
afterAll(() => anvil.stop());

let salts = 0;
const newSalt = (): Hex => `0x${(++salts).toString(16).padStart(64, '0')}`;

function create2Of(value: bigint, salt: Hex, deployer: Hex = usualDeployer): Create2Plan {
  const bytecode = boxCreation(value);
  return {
    deployer,
    salt,
    address: getContractAddress({ opcode: 'CREATE2', from: deployer, salt, bytecode }),
  };
}

test('the contract stands at the address that follows from code and salt, and costs nobody a second time', async () => {
  const create2 = create2Of(7n, newSalt());
  const first = testDeployment(chain, { create2 }, { value: 7n });
  const { state } = await first.run();
  expect(state).toMatchObject({
    ...{ status: 'confirmed', source: 'created', codeMatches: true },
    ...{ address: create2.address, predictedAddress: create2.address },
    mined: { contractAddress: null },
  });

  const second = testDeployment(chain, { create2 }, { value: 7n });
  const again = await second.run();
  expect(again).toMatchObject({
    done: true,
    state: {
      status: 'confirmed',
      source: 'existing',
      address: create2.address,
      attempts: [],
      costPaid: null,
    },
  });
  expect(second.kinds()).toEqual(['planned', 'confirmed']);
  expect(second.signatures).toBe(0);
  expect(await chain.nonce(second.signer.address, 'latest')).toBe(0);
});

test('somebody who is faster with the same code leaves it confirmed, at the cost of the attempt', async () => {
  const create2 = create2Of(8n, newSalt());
  const slow = testDeployment(chain, { create2 }, { value: 8n });
  const fast = testDeployment(chain, { create2 }, { value: 8n });
  const send: ChainClient['send'] = async (raw) => {
    expect((await fast.run()).state.status).toBe('confirmed');
    return chain.send(raw);
  };
  const { state } = await slow.run({ chain: { ...chain, send } });
  expect(state).toMatchObject({
    ...{ status: 'confirmed', source: 'existing', address: create2.address, error: null },
    mined: { status: 'reverted' },
  });
  expect(BigInt(state.costPaid ?? 0)).toBeGreaterThan(0n);
});

test('a constructor that reverts says why, though the deployer contract does not', async () => {
  const one = testDeployment(chain, { create2: create2Of(0n, newSalt()) }, { value: 0n });
  const { state } = await one.run();
  expect(state).toMatchObject({ status: 'failed', error: { code: 'constructor-reverted' } });
  expect(state.error?.message).toContain('TooSmall(0)');
  expect(one.signatures).toBe(0);
});

test('without the deployer contract nothing is spent', async () => {
  const create2 = create2Of(9n, newSalt(), `0x${'12'.repeat(20)}`);
  const one = testDeployment(chain, { create2 }, { value: 9n });
  const { state } = await one.run();
  expect(state).toMatchObject({ status: 'failed', error: { code: 'create2-deployer-missing' } });
});

test('other code at the address is not taken for the contract', async () => {
  const create2 = create2Of(10n, newSalt());
  const body = { jsonrpc: '2.0', id: 1, method: 'anvil_setCode', params: [create2.address, '0x6001'] };
  const headers = { 'content-type': 'application/json' };
  await fetch(anvil.url, { method: 'POST', headers, body: JSON.stringify(body) });
  const one = testDeployment(chain, { create2 }, { value: 10n });
  const { state } = await one.run();
  expect(state).toMatchObject({ status: 'failed', error: { code: 'address-occupied' }, codeMatches: false });
});

test('code that is not deep enough yet is waited for', async () => {
  const create2 = create2Of(11n, newSalt());
  expect((await testDeployment(chain, { create2 }, { value: 11n }).run()).state.status).toBe('confirmed');
  const one = testDeployment(chain, { create2, confirmations: 3 }, { value: 11n });
  expect(await one.run()).toMatchObject({ done: false, state: { status: 'preparing', attempts: [] } });
  const body = { jsonrpc: '2.0', id: 1, method: 'anvil_mine', params: ['0x2'] };
  const headers = { 'content-type': 'application/json' };
  await fetch(anvil.url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect((await one.run()).state).toMatchObject({ status: 'confirmed', source: 'existing' });
});
