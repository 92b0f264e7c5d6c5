import type { Detector } from '../detector.ts';
import { ambiguousDigest } from './ambiguous-digest.ts';
import { anothersRecord } from './anothers-record.ts';
import { approveRace } from './approve-race.ts';
import { approveWithoutReset } from './approve-without-reset.ts';
import { arbitraryApproval } from './arbitrary-approval.ts';
import { arbitraryCall } from './arbitrary-call.ts';
import { arbitraryEtherSend } from './arbitrary-ether-send.ts';
import { arbitraryStorageWrite } from './arbitrary-storage-write.ts';
import { arbitraryTransferFrom } from './arbitrary-transfer-from.ts';
import { arrayGap } from './array-gap.ts';
import { assemblyReturn } from './assembly-return.ts';
import { assumedDecimals } from './assumed-decimals.ts';
import { assumedFeedDecimals } from './assumed-feed-decimals.ts';
import { bidiCharacter } from './bidi-character.ts';
import { blockNumberClock } from './block-number-clock.ts';
import { blockablePayment } from './blockable-payment.ts';
import { brokenLock } from './broken-lock.ts';
import { brokenMemory } from './broken-memory.ts';
import { callerChosenDigest } from './caller-chosen-digest.ts';
import { constantState } from './constant-state.ts';
import { controlledDelegatecall } from './controlled-delegatecall.ts';
import { crossContractReentrancy } from './cross-contract-reentrancy.ts';
import { crossFunctionReentrancy } from './cross-function-reentrancy.ts';
import { deadCode } from './dead-code.ts';
import { defaultIndex } from './default-index.ts';
import { defaultVisibility } from './default-visibility.ts';
import { destructibleImplementation } from './destructible-implementation.ts';
import { divideBeforeMultiply } from './divide-before-multiply.ts';
import { expiredBlockhash } from './expired-blockhash.ts';
import { feeOnTransfer } from './fee-on-transfer.ts';
import { firstComeClaim } from './first-come-claim.ts';
import { guardMissingHere } from './guard-missing-here.ts';
import { guardOnParameter } from './guard-on-parameter.ts';
import { hollowGuard } from './hollow-guard.ts';
import { ignoredAnswer } from './ignored-answer.ts';
import { ignoredDeadline } from './ignored-deadline.ts';
import { ignoredGuard } from './ignored-guard.ts';
import { ignoredOutcome } from './ignored-outcome.ts';
import { integerOverflow } from './integer-overflow.ts';
import { leftApproval } from './left-approval.ts';
import { lengthInLoop } from './length-in-loop.ts';
import { lengthMismatch } from './length-mismatch.ts';
import { listReset } from './list-reset.ts';
import { listedTwice } from './listed-twice.ts';
import { lockedEther } from './locked-ether.ts';
import { lostConstructorState } from './lost-constructor-state.ts';
import { lostCopy } from './lost-copy.ts';
import { malleableSignature } from './malleable-signature.ts';
import { messageReplay } from './message-replay.ts';
import { misnamedConstructor } from './misnamed-constructor.ts';
import { missingReturn } from './missing-return.ts';
import { missingStorageGap } from './missing-storage-gap.ts';
import { missingTokenReturn } from './missing-token-return.ts';
import { missingZeroCheck } from './missing-zero-check.ts';
import { misspeltSlot } from './misspelt-slot.ts';
import { mistypedOperator } from './mistyped-operator.ts';
import { movedStorage } from './moved-storage.ts';
import { narrowCounter } from './narrow-counter.ts';
import { neverSet } from './never-set.ts';
import { noSlippageLimit } from './no-slippage-limit.ts';
import { openAuthority } from './open-authority.ts';
import { openGuard } from './open-guard.ts';
import { openImplementation } from './open-implementation.ts';
import { openSalt } from './open-salt.ts';
import { openUpgrade } from './open-upgrade.ts';
import { orderDependentPayout } from './order-dependent-payout.ts';
import { packedHashCollision } from './packed-hash-collision.ts';
import { payableMulticall } from './payable-multicall.ts';
import { paymentsInLoop } from './payments-in-loop.ts';
import { priceWithoutLimit } from './price-without-limit.ts';
import { proofReplay } from './proof-replay.ts';
import { readOnlyReentrancy } from './read-only-reentrancy.ts';
import { rebasingAmount } from './rebasing-amount.ts';
import { reentrancy } from './reentrancy.ts';
import { repeatableDraw } from './repeatable-draw.ts';
import { repeatableInitialiser } from './repeatable-initialiser.ts';
import { repeatedSigner } from './repeated-signer.ts';
import { roleGuardsItself } from './role-guards-itself.ts';
import { roundingDirection } from './rounding-direction.ts';
import { selectorClash } from './selector-clash.ts';
import { selfTransfer } from './self-transfer.ts';
import { sequencerUnchecked } from './sequencer-unchecked.ts';
import { shadowedName } from './shadowed-name.ts';
import { shadowedState } from './shadowed-state.ts';
import { shareInflation } from './share-inflation.ts';
import { shortAddress } from './short-address.ts';
import { shortAverage } from './short-average.ts';
import { shortenedLock } from './shortened-lock.ts';
import { signatureAsKey } from './signature-as-key.ts';
import { signatureReplay } from './signature-replay.ts';
import { silentChange } from './silent-change.ts';
import { skippedBody } from './skipped-body.ts';
import { smallCounter } from './small-counter.ts';
import { spotPrice } from './spot-price.ts';
import { stalePrice } from './stale-price.ts';
import { storageCollision } from './storage-collision.ts';
import { storedSecret } from './stored-secret.ts';
import { strictBalance } from './strict-balance.ts';
import { stuckEther } from './stuck-ether.ts';
import { swallowedFailure } from './swallowed-failure.ts';
import { swappedShift } from './swapped-shift.ts';
import { sweepOfDeposits } from './sweep-of-deposits.ts';
import { takenFromOthers } from './taken-from-others.ts';
import { tautology } from './tautology.ts';
import { timeUnitMistake } from './time-unit-mistake.ts';
import { timestampDependence } from './timestamp-dependence.ts';
import { tokenHookReentrancy } from './token-hook-reentrancy.ts';
import { trustedParameter } from './trusted-parameter.ts';
import { txOrigin } from './tx-origin.ts';
import { typehashMismatch } from './typehash-mismatch.ts';
import { unboundDigest } from './unbound-digest.ts';
import { unboundMessage } from './unbound-message.ts';
import { unboundedFee } from './unbounded-fee.ts';
import { unboundedLoop } from './unbounded-loop.ts';
import { uncalledBaseInitialiser } from './uncalled-base-initialiser.ts';
import { uncheckedAnswer } from './unchecked-answer.ts';
import { uncheckedApproval } from './unchecked-approval.ts';
import { uncheckedCallback } from './unchecked-callback.ts';
import { uncheckedDeadline } from './unchecked-deadline.ts';
import { uncheckedLowLevelCall } from './unchecked-low-level-call.ts';
import { uncheckedMark } from './unchecked-mark.ts';
import { uncheckedMessageSender } from './unchecked-message-sender.ts';
import { uncheckedSend } from './unchecked-send.ts';
import { uncheckedSigner } from './unchecked-signer.ts';
import { uncheckedSource } from './unchecked-source.ts';
import { uncheckedTokenTransfer } from './unchecked-token-transfer.ts';
import { undeletedMapping } from './undeleted-mapping.ts';
import { unguardedDecision } from './unguarded-decision.ts';
import { unhiddenAnswer } from './unhidden-answer.ts';
import { uninitialisedPointer } from './uninitialised-pointer.ts';
import { unprotectedMint } from './unprotected-mint.ts';
import { unprotectedSelfdestruct } from './unprotected-selfdestruct.ts';
import { unprotectedTokenWithdrawal } from './unprotected-token-withdrawal.ts';
import { unprotectedUpgrade } from './unprotected-upgrade.ts';
import { unreadAnswer } from './unread-answer.ts';
import { unreadVerdict } from './unread-verdict.ts';
import { unsafeDowncast } from './unsafe-downcast.ts';
import { unsetStart } from './unset-start.ts';
import { unsetTrustedSource } from './unset-trusted-source.ts';
import { unsignedParameter } from './unsigned-parameter.ts';
import { unspentAllowance } from './unspent-allowance.ts';
import { unusedLimit } from './unused-limit.ts';
import { validationMissingHere } from './validation-missing-here.ts';
import { valueInLoop } from './value-in-loop.ts';
import { visibleChoice } from './visible-choice.ts';
import { weakDomain } from './weak-domain.ts';
import { weakRandomness } from './weak-randomness.ts';
import { zeroSigner } from './zero-signer.ts';

/** Every detector of the built-in analyser. */
export const detectors: readonly Detector[] = [
  ambiguousDigest,
  anothersRecord,
  approveRace,
  approveWithoutReset,
  arbitraryApproval,
  arbitraryCall,
  arbitraryEtherSend,
  arbitraryStorageWrite,
  arbitraryTransferFrom,
  arrayGap,
  assemblyReturn,
  assumedDecimals,
  assumedFeedDecimals,
  bidiCharacter,
  blockNumberClock,
  blockablePayment,
  brokenLock,
  brokenMemory,
  callerChosenDigest,
  constantState,
  controlledDelegatecall,
  crossContractReentrancy,
  crossFunctionReentrancy,
  deadCode,
  defaultIndex,
  defaultVisibility,
  destructibleImplementation,
  divideBeforeMultiply,
  expiredBlockhash,
  feeOnTransfer,
  firstComeClaim,
  guardMissingHere,
  guardOnParameter,
  hollowGuard,
  ignoredAnswer,
  ignoredDeadline,
  ignoredGuard,
  ignoredOutcome,
  integerOverflow,
  leftApproval,
  lengthInLoop,
  lengthMismatch,
  listReset,
  listedTwice,
  lockedEther,
  lostConstructorState,
  lostCopy,
  malleableSignature,
  messageReplay,
  misnamedConstructor,
  missingReturn,
  missingStorageGap,
  missingTokenReturn,
  missingZeroCheck,
  misspeltSlot,
  mistypedOperator,
  movedStorage,
  narrowCounter,
  neverSet,
  noSlippageLimit,
  openAuthority,
  openGuard,
  openImplementation,
  openSalt,
  openUpgrade,
  orderDependentPayout,
  packedHashCollision,
  payableMulticall,
  paymentsInLoop,
  priceWithoutLimit,
  proofReplay,
  readOnlyReentrancy,
  rebasingAmount,
  reentrancy,
  repeatableDraw,
  repeatableInitialiser,
  repeatedSigner,
  roleGuardsItself,
  roundingDirection,
  selectorClash,
  selfTransfer,
  sequencerUnchecked,
  shadowedName,
  shadowedState,
  shareInflation,
  shortAddress,
  shortAverage,
  shortenedLock,
  signatureAsKey,
  signatureReplay,
  silentChange,
  skippedBody,
  smallCounter,
  spotPrice,
  stalePrice,
  storageCollision,
  storedSecret,
  strictBalance,
  stuckEther,
  swallowedFailure,
  swappedShift,
  sweepOfDeposits,
  takenFromOthers,
  tautology,
  timeUnitMistake,
  timestampDependence,
  tokenHookReentrancy,
  trustedParameter,
  txOrigin,
  typehashMismatch,
  unboundDigest,
  unboundMessage,
  unboundedFee,
  unboundedLoop,
  uncalledBaseInitialiser,
  uncheckedAnswer,
  uncheckedApproval,
  uncheckedCallback,
  uncheckedDeadline,
  uncheckedLowLevelCall,
  uncheckedMark,
  uncheckedMessageSender,
  uncheckedSend,
  uncheckedSigner,
  uncheckedSource,
  uncheckedTokenTransfer,
  undeletedMapping,
  unguardedDecision,
  unhiddenAnswer,
  uninitialisedPointer,
  unprotectedMint,
  unprotectedSelfdestruct,
  unprotectedTokenWithdrawal,
  unprotectedUpgrade,
  unreadAnswer,
  unreadVerdict,
  unsafeDowncast,
  unsetStart,
  unsetTrustedSource,
  unsignedParameter,
  unspentAllowance,
  unusedLimit,
  validationMissingHere,
  valueInLoop,
  visibleChoice,
  weakDomain,
  weakRandomness,
  zeroSigner,
];
