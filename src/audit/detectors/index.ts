import type { Detector } from '../detector.ts';
import { arbitraryEtherSend } from './arbitrary-ether-send.ts';
import { controlledDelegatecall } from './controlled-delegatecall.ts';
import { integerOverflow } from './integer-overflow.ts';
import { reentrancy } from './reentrancy.ts';
import { timestampDependence } from './timestamp-dependence.ts';
import { txOrigin } from './tx-origin.ts';
import { uncheckedLowLevelCall } from './unchecked-low-level-call.ts';
import { uncheckedSend } from './unchecked-send.ts';
import { unprotectedSelfdestruct } from './unprotected-selfdestruct.ts';
import { weakRandomness } from './weak-randomness.ts';

/** Every detector of the built-in analyser. */
export const detectors: readonly Detector[] = [
  arbitraryEtherSend,
  controlledDelegatecall,
  integerOverflow,
  reentrancy,
  timestampDependence,
  txOrigin,
  uncheckedLowLevelCall,
  uncheckedSend,
  unprotectedSelfdestruct,
  weakRandomness,
];
