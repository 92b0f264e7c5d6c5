import {
  ContractDecoder,
  EdrContext,
  L1_CHAIN_TYPE,
  l1ProviderFactory,
  MineOrdering,
  OSAKA,
  type Provider,
  SHANGHAI,
} from '@nomicfoundation/edr';
import { invariant } from '../lib/invariant.ts';
import { readSteps, type StructLog } from './read-steps.ts';
import type { Address, CallResult, Evm, Fork, Hex, Message, Receipt } from './types.ts';

/** Gas of one transaction: enough for what contracts do, little enough that none takes long. */
const gasOfCall = 8_000_000n;
const gasOfCreation = 60_000_000n;
/** Midnight of 1 January 2026, so that the same search gives the same result on another day. */
const genesisSeconds = 1_767_225_600n;

const hardforks: Record<Fork, string> = { shanghai: SHANGHAI, osaka: OSAKA };

let context: Promise<EdrContext> | undefined;

/** Starts an Ethereum of its own in this process: EDR, which runs revm (ADR 0019). Takes a few milliseconds. */
export async function openEvm({ fork }: { fork: Fork }): Promise<Evm> {
  context ??= openContext();
  const provider = await (await context).createProvider(
    L1_CHAIN_TYPE,
    {
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: true,
      bailOnCallFailure: true,
      bailOnTransactionFailure: false,
      chainId: 31_337n,
      coinbase: Buffer.from('c0ffee0000000000000000000000000000000000', 'hex'),
      defaultTransactionGasLimit: gasOfCall,
      genesisState: [],
      hardfork: hardforks[fork],
      initialBaseFeePerGas: 0n,
      initialParentBeaconBlockRoot: Buffer.alloc(32),
      minGasPrice: 0n,
      mining: { autoMine: true, blockGasLimit: gasOfCreation, memPool: { order: MineOrdering.Fifo } },
      network: { genesisBlockGasLimit: gasOfCreation, genesisBlockTime: genesisSeconds },
      networkId: 31_337n,
      observability: {},
      ownedAccounts: [],
      precompileOverrides: [],
      transactionGasCap: false,
    },
    { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => {} },
    { subscriptionCallback: () => {} },
    new ContractDecoder(),
  );
  return evmOf(provider);
}

async function openContext(): Promise<EdrContext> {
  const opened = new EdrContext();
  await opened.registerProviderFactory(L1_CHAIN_TYPE, l1ProviderFactory());
  return opened;
}

function evmOf(provider: Provider): Evm {
  const known = new Set<Address>();

  async function request(method: string, ...params: unknown[]): Promise<unknown> {
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const { data } = await provider.handleRequest(text);
    const answer: { result?: unknown; error?: { message: string; data?: unknown } } =
      typeof data === 'string' ? JSON.parse(data) : data;
    if (answer.error) throw new EvmError(`${method}: ${answer.error.message}`, answer.error.data);
    return answer.result;
  }

  async function mayBeUsed(address: Address): Promise<void> {
    if (known.has(address)) return;
    await request('hardhat_impersonateAccount', address);
    known.add(address);
  }

  return {
    async send(message) {
      await mayBeUsed(message.from);
      const hash = (await request('eth_sendTransaction', wire(message))) as Hex;
      const found = (await request('eth_getTransactionReceipt', hash)) as WireReceipt;
      return receiptOf(found, hash);
    },
    async call(message): Promise<CallResult> {
      try {
        return { ok: true, output: (await request('eth_call', wire(message), 'latest')) as Hex };
      } catch (error) {
        if (error instanceof EvmError) return { ok: false, output: revertData(error.data) };
        throw error;
      }
    },
    async trace({ hash, to }) {
      const options = { disableMemory: true, disableStorage: true };
      const found = (await request('debug_traceTransaction', hash, options)) as { structLogs: StructLog[] };
      return readSteps(found.structLogs, to);
    },
    balance: async (address) => BigInt((await request('eth_getBalance', address, 'latest')) as Hex),
    async setBalance(address, wei) {
      await request('hardhat_setBalance', address, quantity(wei));
    },
    code: async (address) => (await request('eth_getCode', address, 'latest')) as Hex,
    async storageAt(address, slot, block) {
      const when = block === undefined ? 'latest' : quantity(BigInt(block));
      return BigInt((await request('eth_getStorageAt', address, quantity(slot), when)) as Hex);
    },
    async pass(seconds) {
      await request('evm_increaseTime', seconds);
      await request('evm_mine');
    },
    async now() {
      const block = (await request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex };
      return BigInt(block.timestamp);
    },
    snapshot: async () => (await request('evm_snapshot')) as string,
    async revert(snapshot) {
      invariant(await request('evm_revert', snapshot), 'a snapshot is used once');
    },
  };
}

/** The machine refused what it was asked. */
class EvmError extends Error {
  override name = 'EvmError';
  readonly data: unknown;
  constructor(message: string, data: unknown) {
    super(message);
    this.data = data;
  }
}

interface WireReceipt {
  status: Hex;
  gasUsed: Hex;
  blockNumber: Hex;
  contractAddress: Address | null;
  logs: { address: Address; topics: Hex[]; data: Hex }[];
}

function wire({ from, to, data = '0x', value = 0n }: Message) {
  const gas = quantity(to === undefined ? gasOfCreation : gasOfCall);
  return { from, ...(to === undefined ? {} : { to }), data, value: quantity(value), gas, gasPrice: '0x0' };
}

function receiptOf({ status, gasUsed, blockNumber, contractAddress, logs }: WireReceipt, hash: Hex): Receipt {
  const ok = BigInt(status) === 1n;
  return {
    ok,
    gasUsed: Number(gasUsed),
    ...(ok && contractAddress !== null ? { created: contractAddress } : {}),
    logs: logs.map(({ address, topics, data }) => ({ address, topics, data })),
    hash,
    block: Number(blockNumber),
  };
}

// The node puts the revert's data beside the message, in an object or by itself.
function revertData(data: unknown): Hex {
  const value = typeof data === 'object' && data !== null && 'data' in data ? data.data : data;
  return typeof value === 'string' && value.startsWith('0x') ? (value as Hex) : '0x';
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}
