import { describe, expect, test } from 'vitest';
import { openEvm } from './open-evm.ts';
import type { Evm, Fork } from './types.ts';

const somebody = '0x00000000000000000000000000000000000a11ce';
const receiver = '0x00000000000000000000000000000000000b0b00';
const slot = (text: string) => BigInt(text);

/** Init code that returns the runtime code given. */
function creating(runtime: string): `0x${string}` {
  const length = (runtime.length / 2).toString(16).padStart(2, '0');
  return `0x60${length}600c60003960${length}6000f3${runtime}`;
}

async function opened(fork: Fork = 'osaka'): Promise<Evm> {
  const evm = await openEvm({ fork });
  await evm.setBalance(somebody, 10n ** 20n);
  return evm;
}

async function deployed(evm: Evm, runtime: string) {
  const { created } = await evm.send({ from: somebody, data: creating(runtime) });
  if (!created) throw new Error('the code was not deployed');
  return created;
}

describe('a chain in memory', () => {
  test('runs code, and goes back to a snapshot', async () => {
    const evm = await opened();
    // sstore(0, add(sload(0), 1))
    const counter = await deployed(evm, '600054600101600055');
    const before = await evm.snapshot();
    const receipt = await evm.send({ from: somebody, to: counter });
    expect(receipt).toMatchObject({ ok: true, logs: [] });
    expect(await evm.storageAt(counter, 0n)).toBe(1n);
    expect(await evm.storageAt(counter, 0n, receipt.block - 1)).toBe(0n);
    await evm.revert(before);
    expect(await evm.storageAt(counter, 0n)).toBe(0n);
  });

  test('says that something reverted, and why', async () => {
    const evm = await opened();
    // mstore(0, 42) revert(0, 32)
    const refusing = await deployed(evm, '602a60005260206000fd');
    const reason = `0x${'2a'.padStart(64, '0')}`;
    expect(await evm.call({ from: somebody, to: refusing })).toEqual({ ok: false, output: reason });
    expect(await evm.send({ from: somebody, to: refusing })).toMatchObject({ ok: false });
  });

  test('moves ether without a price for gas, and lets time pass', async () => {
    const evm = await opened();
    const then = await evm.now();
    await evm.pass(3_600);
    expect((await evm.now()) - then).toBeGreaterThanOrEqual(3_600n);
    await evm.send({ from: somebody, to: receiver, value: 5n });
    expect([await evm.balance(receiver), await evm.balance(somebody)]).toEqual([5n, 10n ** 20n - 5n]);
  });

  test.each([
    ['shanghai', '0x'],
    ['osaka', '0x620b0b00ff'],
  ] as const)('by the rules of %s a self-destruct leaves the code %s', async (fork, left) => {
    const evm = await opened(fork);
    const mortal = await deployed(evm, '620b0b00ff');
    await evm.setBalance(mortal, 7n);
    await evm.send({ from: somebody, to: mortal });
    expect(await evm.code(mortal)).toBe(left);
    expect(await evm.balance(receiver)).toBe(7n);
  });

  test('traces instructions with whose code runs on whose storage', async () => {
    const evm = await opened();
    // sstore(1, 9)
    const library = await deployed(evm, '6009600155');
    // delegatecall(gas, library, 0, 0, 0, 0)
    const caller = await deployed(evm, `600080808073${library.slice(2)}5af4`);
    const sent = await evm.send({ from: somebody, to: caller });
    const store = (await evm.trace({ hash: sent.hash, to: caller })).find(({ op }) => op === 'SSTORE');
    expect(store).toMatchObject({ depth: 2, code: library, storage: caller, stack: [1n, 9n] });
    expect(await evm.storageAt(caller, slot('1'))).toBe(9n);
  });
});
