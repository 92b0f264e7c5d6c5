import type { NetworkVerifier } from '../types.ts';
import { blockscout } from './blockscout.ts';
import { etherscan } from './etherscan.ts';
import { sourcify } from './sourcify.ts';
import type { VerifierProtocol } from './types.ts';

/** LIST of protocols by which source is verified. A new one is a file here and a line. */
export const verifierProtocols: Record<NetworkVerifier['kind'], VerifierProtocol> = {
  sourcify,
  etherscan,
  blockscout,
};
