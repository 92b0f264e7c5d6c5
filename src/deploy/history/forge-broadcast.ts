import { getAddress, isAddress } from 'viem';
import { z } from 'zod';
import type { HistoricDeployment, HistoryFormat } from './types.ts';

const hash = z.templateLiteral(['0x', z.string()]);
const address = z.string().refine((value) => isAddress(value, { strict: false }));
const quantity = z.union([z.string().regex(/^(0x[0-9a-fA-F]+|\d+)$/), z.number()]);

const created = z.looseObject({ address, transactionType: z.string() });
const transaction = z.looseObject({
  hash: hash.nullish(),
  transactionType: z.string(),
  contractName: z.string().nullish(),
  contractAddress: address.nullish(),
  arguments: z.array(z.unknown()).nullish(),
  transaction: z.looseObject({ from: address.nullish() }),
  additionalContracts: z.array(created).nullish(),
});
const receipt = z.looseObject({
  transactionHash: hash,
  status: quantity.nullish(),
  blockNumber: quantity.nullish(),
  gasUsed: quantity.nullish(),
  effectiveGasPrice: quantity.nullish(),
});
const broadcast = z.looseObject({
  transactions: z.array(transaction),
  receipts: z.array(receipt),
  chain: z.number().int().positive(),
  commit: z.string().nullish(),
  timestamp: z.number().nullish(),
});

/** Foundry's `broadcast/<Script>/<chain>/run-*.json`: what `forge script --broadcast` writes (Foundry book, "Broadcast"). */
export const forgeBroadcast: HistoryFormat = {
  name: 'forge-broadcast',
  read(text) {
    const parsed = broadcast.safeParse(parseJson(text));
    return parsed.success ? readRun(parsed.data) : null;
  },
};

function readRun({ transactions, receipts, chain, commit, timestamp }: z.infer<typeof broadcast>) {
  const found: HistoricDeployment[] = [];
  for (const one of transactions) {
    const mined = receipts.find(({ transactionHash }) => transactionHash === one.hash);
    // What was simulated only, or undone, is no deployment.
    if (!mined || (mined.status !== undefined && mined.status !== null && BigInt(mined.status) !== 1n))
      continue;
    const common = {
      chainId: chain,
      transactionHash: one.hash?.toLowerCase() as HistoricDeployment['transactionHash'],
      deployer: one.transaction.from ? getAddress(one.transaction.from) : null,
      blockNumber: mined.blockNumber == null ? null : Number(mined.blockNumber),
      commit: commit ?? null,
      // Seconds, or milliseconds as newer releases write them.
      deployedAt: timestamp ? new Date(timestamp < 1e12 ? timestamp * 1_000 : timestamp).toISOString() : null,
    };
    const isCreation = one.transactionType === 'CREATE' || one.transactionType === 'CREATE2';
    if (isCreation && one.contractAddress) {
      const gas = mined.gasUsed == null ? null : BigInt(mined.gasUsed);
      const price = mined.effectiveGasPrice == null ? null : BigInt(mined.effectiveGasPrice);
      found.push({
        ...common,
        contract: one.contractName ?? 'unknown',
        address: getAddress(one.contractAddress),
        gasUsed: gas?.toString() ?? null,
        costWei: gas !== null && price !== null ? (gas * price).toString() : null,
        constructorArgs: one.arguments ?? [],
      });
    }
    for (const made of one.additionalContracts ?? []) {
      const unnamed = { contract: 'unknown', gasUsed: null, costWei: null, constructorArgs: [] };
      found.push({ ...common, ...unnamed, address: getAddress(made.address) });
    }
  }
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Another format, perhaps: whoever asks says so where none fits.
    return null;
  }
}
