import type { EvmStep } from '../../../evm/types.ts';
import { attack, factChanges, performAll } from '../attack-parts.ts';
import type { Goal } from '../goal.ts';
import { mapsOf } from '../place.ts';
import type { Session } from '../session.ts';
import type { Place } from '../types.ts';

/** The arithmetic at the place gave a result outside of its type, and the transaction went on to store something. */
export const wrapped: Goal = {
  name: 'wrapped',
  fork: 'osaka',
  tellingTokens: false,
  propose: (session) =>
    attack(session, { prefixMax: 2, extreme: session.random.pick([0.2, 0.5, 0.8]), through: false }),
  async judge(session, steps) {
    const { place } = session.task;
    const facts = await session.facts();
    const done = await performAll(session, steps);
    const last = done?.sent.at(-1);
    if (!done || !last || last.gasUsed > gasOfTraceMax) return undefined;
    const trace = await session.world.evm.trace(last);
    const found = await findWrap(session, trace, place);
    if (!found) return undefined;
    const { left, operator, right, result } = found;
    return {
      summary: `${left} ${operator} ${right} does not fit into ${place.type}, gave ${result}, and the transaction went on`,
      changes: [
        { what: `${left} ${operator} ${right}`, before: 'as mathematics has it', after: String(result) },
        ...(await factChanges(session, facts)),
      ],
      ...done,
    };
  },
};

/** A trace is some two hundred bytes an instruction. */
const gasOfTraceMax = 1_500_000;
const operators: Record<string, string> = { ADD: '+', SUB: '-', MUL: '*', EXP: '**' };

async function findWrap(session: Session, trace: readonly EvmStep[], place: Place) {
  const { bits, signed } = typeOf(place.type);
  const sourceAt = await mapsOf(session, trace);
  for (const [index, step] of trace.entries()) {
    const operator = operators[step.op];
    if (!operator) continue;
    const range = sourceAt(step);
    if (!range || range.file !== place.file || range.start !== place.start || range.length !== place.length)
      continue;
    const [left, right] = [step.stack[0] ?? 0n, step.stack[1] ?? 0n].map((word) =>
      signed ? BigInt.asIntN(256, word) : word,
    ) as [bigint, bigint];
    const exact = calculate(step.op, left, right);
    const result = signed ? BigInt.asIntN(bits, exact) : BigInt.asUintN(bits, exact);
    if (exact === result) continue;
    if (trace.slice(index).some(({ op }) => op === 'SSTORE' || op === 'CALL'))
      return { left, right, operator, result };
  }
  return undefined;
}

function calculate(op: string, left: bigint, right: bigint): bigint {
  if (op === 'ADD') return left + right;
  if (op === 'SUB') return left - right;
  if (op === 'MUL') return left * right;
  return right <= 512n ? left ** right : left > 1n ? 1n << 512n : left;
}

function typeOf(type: string): { bits: number; signed: boolean } {
  const match = /^(u?)int(\d*)$/.exec(type);
  return { bits: Number(match?.[2] || 256), signed: match?.[1] === '' };
}
