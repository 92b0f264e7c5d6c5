import { signatureOf } from '../../solidity/encode-call.ts';
import type { Call, Step } from './session.ts';
import { showArguments } from './show.ts';
import type { ProofTransaction } from './types.ts';
import type { World } from './world.ts';

/** Tells a step to people. */
export function showStep(step: Step, world: World): ProofTransaction {
  const notes = [
    ...(step.wait ? [`${step.wait} seconds later`] : []),
    ...(step.through ? ["made by the attacker's contract"] : []),
    ...(step.answersOne ? ['which answers whatever it is asked with 1'] : []),
    ...(step.comeBack
      ? [
          `which calls ${showCall(step.comeBack.call, world)} when it is called, ${step.comeBack.rounds} times`,
        ]
      : []),
    ...(step.lured ? ["made by the attacker's contract, which the caller called without suspicion"] : []),
  ];
  return {
    caller: world.names.get(step.from) ?? step.from,
    contract: world.names.get(step.to) ?? step.to,
    function: functionOf(step),
    arguments: showArguments(step.item?.inputs ?? [], step.args, world.names),
    value: String(step.value),
    ...(notes.length > 0 ? { note: notes.join(', ') } : {}),
  };
}

function showCall(call: Call, { names }: World): string {
  return `${functionOf(call)} with [${showArguments(call.item?.inputs ?? [], call.args, names).join(', ')}] and ${call.value} wei`;
}

function functionOf({ item, data }: Call): string {
  if (item) return signatureOf(item);
  return data === '0x' ? 'receive' : `fallback (${data})`;
}
