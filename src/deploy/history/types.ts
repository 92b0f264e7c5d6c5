import type { Hex } from '../../chain/types.ts';

/** A contract that another tool deployed, as that tool wrote it down. Nothing of it was checked on a chain. */
export interface HistoricDeployment {
  chainId: number;
  contract: string;
  /** EIP-55 checksummed. */
  address: Hex;
  transactionHash: Hex | null;
  deployer: Hex | null;
  blockNumber: number | null;
  gasUsed: string | null;
  costWei: string | null;
  constructorArgs: unknown[];
  commit: string | null;
  /** ISO 8601; null where the tool does not say. */
  deployedAt: string | null;
}

/** A way in which a tool writes its deployments down. */
export interface HistoryFormat {
  /** Unique, kebab-case; equals the file name. */
  name: string;
  /** @returns what it says, or null where the text is not of this format */
  read(text: string): HistoricDeployment[] | null;
}
