import { randomBytes } from 'node:crypto';
import { createKey, openSigner } from '../../src/chain/signers/local.ts';
import type { ChainClient, Signer } from '../../src/chain/types.ts';
import { deploy } from '../../src/deploy/deploy.ts';
import type { DeployOptions, DeployPlan, DeployResult } from '../../src/deploy/types.ts';
import { box, boxCreation } from './box-contract.ts';
import { type MemoryJournal, memoryJournal } from './memory-journal.ts';

/** A deployment of a Box by a signer of its own, for tests of the machine alone. */
export interface TestDeployment {
  plan: DeployPlan;
  signer: Signer;
  journal: MemoryJournal;
  /** How often the key was used. */
  signatures: number;
  kinds(): string[];
  /** A worker's turn, as the queue would give it, with the journal as it is. */
  run(options?: Partial<DeployOptions>): Promise<DeployResult>;
}

const kek = { id: 'test', key: randomBytes(32) };
let given = 1n;

/** @param options.value what the Box is made with; another one each time when absent */
export function testDeployment(
  chain: ChainClient,
  change: Partial<DeployPlan> = {},
  options: { value?: bigint } = {},
): TestDeployment {
  const key = openSigner(createKey({ id: 'signer', kek }), kek);
  const journal = memoryJournal({ next: 0 });
  const value = options.value ?? given++;
  const signer: Signer = {
    address: key.address,
    signTransaction(transaction) {
      one.signatures++;
      return key.signTransaction(transaction);
    },
  };
  const plan: DeployPlan = {
    deploymentId: `box-${value}`,
    chainId: 31337,
    networkKind: 'local',
    from: key.address,
    data: boxCreation(value),
    value: '0',
    abi: box.abi,
    runtime: { bytecode: box.runtime, immutableReferences: box.immutableReferences },
    feePolicy: 'standard',
    confirmations: 1,
    dryRun: false,
    ...change,
  };
  const signal = new AbortController().signal;
  const one: TestDeployment = {
    plan,
    signer,
    journal,
    signatures: 0,
    kinds: () => journal.messages.map((message) => message.kind),
    run: (turn = {}) =>
      deploy({
        ...{ plan, messages: journal.messages, chain, signer, journal, signal },
        now: () => new Date(),
        ...turn,
      }),
  };
  return one;
}
