import type { Hex } from './types.ts';

/**
 * The deterministic deployment proxy (Arachnid's, EIP-7955 and ERC-2470 discuss the family): 32 bytes of salt and the
 * creation code in, the address out. It has this address on nearly every chain.
 */
export const usualDeployer: Hex = '0x4e59b44847b379578588920cA78FbF26c0B4956C';
