import { getAddress, isAddress } from 'viem';
import { z } from 'zod';
import type { HistoricDeployment, HistoryFormat } from './types.ts';

const hex = z.templateLiteral(['0x', z.string()]);
const address = z.string().refine((value) => isAddress(value, { strict: false }));

const started = z.looseObject({
  type: z.literal('DEPLOYMENT_INITIALIZE'),
  chainId: z.number().int().positive(),
});
const future = z.looseObject({
  type: z.literal('DEPLOYMENT_EXECUTION_STATE_INITIALIZE'),
  futureId: z.string(),
  contractName: z.string(),
  constructorArgs: z.array(z.unknown()).optional(),
  from: address.nullish(),
});
const confirmed = z.looseObject({
  type: z.literal('TRANSACTION_CONFIRM'),
  futureId: z.string(),
  hash: hex,
  receipt: z.looseObject({ blockNumber: z.number().nullish(), status: z.string() }),
});
const complete = z.looseObject({
  type: z.literal('DEPLOYMENT_EXECUTION_STATE_COMPLETE'),
  futureId: z.string(),
  result: z.looseObject({ type: z.string(), address: address.optional() }),
});

/** Hardhat Ignition's `ignition/deployments/<id>/journal.jsonl`: a message a line (Ignition's own journal). */
export const ignitionJournal: HistoryFormat = {
  name: 'ignition-journal',
  read(text) {
    const messages = readLines(text);
    if (!messages) return null;
    const begun = started.safeParse(messages[0]);
    return begun.success ? readJournal(messages, begun.data.chainId) : null;
  },
};

function readJournal(messages: readonly unknown[], chainId: number): HistoricDeployment[] {
  const futures = new Map<string, z.infer<typeof future>>();
  const mined = new Map<string, z.infer<typeof confirmed>>();
  const found: HistoricDeployment[] = [];
  for (const message of messages) {
    const [one, receipt, done] = [
      future.safeParse(message),
      confirmed.safeParse(message),
      complete.safeParse(message),
    ];
    if (one.success) futures.set(one.data.futureId, one.data);
    if (receipt.success) mined.set(receipt.data.futureId, receipt.data);
    if (!done.success || done.data.result.type !== 'SUCCESS' || !done.data.result.address) continue;
    const planned = futures.get(done.data.futureId);
    const transaction = mined.get(done.data.futureId);
    found.push({
      chainId,
      contract: planned?.contractName ?? 'unknown',
      address: getAddress(done.data.result.address),
      transactionHash: (transaction?.hash.toLowerCase() as HistoricDeployment['transactionHash']) ?? null,
      deployer: planned?.from ? getAddress(planned.from) : null,
      blockNumber: transaction?.receipt.blockNumber ?? null,
      ...{ gasUsed: null, costWei: null, commit: null, deployedAt: null },
      constructorArgs: (planned?.constructorArgs ?? []).map(plain),
    });
  }
  return found;
}

/** Ignition writes large integers as `{_kind: 'bigint', value: '1'}`. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { _kind: kind, value: digits } = value as { _kind?: unknown; value?: unknown };
  if (kind === 'bigint') return digits;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

/** @returns null where a line is no JSON */
function readLines(text: string): unknown[] | null {
  try {
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    // Another format, perhaps: whoever asks says so where none fits.
    return null;
  }
}
