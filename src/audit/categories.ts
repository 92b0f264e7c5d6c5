/** The classes of faults that detectors speak of and that the corpus is labelled by. */
export const categories = [
  'access-control',
  'arbitrary-call',
  'input-validation',
  'signature',
  'reentrancy',
  'unchecked-result',
  'denial-of-service',
  'token-handling',
  'arithmetic',
  'randomness',
  'time',
  'front-running',
  'oracle-price',
  'delegatecall-proxy',
  'selfdestruct-and-locked-ether',
  'tx-origin',
  'cross-chain',
  'language-trap',
] as const;
export type Category = (typeof categories)[number];
