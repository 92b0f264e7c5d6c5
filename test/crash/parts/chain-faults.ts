import { createRandom } from './random.ts';

/** What a node, or what stands before it, does wrong with one call. */
export const faults = [
  'taken, no reply',
  'taken, silent',
  'no reply',
  'twice',
  'again later',
  '429',
  '500',
  'wrong error',
  'garbage',
  'forgotten',
] as const;
export type Fault = (typeof faults)[number];

/** How a chain misbehaves during a run. */
export interface Misbehaviour {
  /** Another one, another choice of calls. */
  seed: string;
  /** One call in so many goes wrong. */
  rate: number;
  /** Whether calls may go without any reply until the caller gives up, which takes long. */
  silent: boolean;
  /** From then on, for so long, the chain is shown as it was so many blocks ago. */
  lag: { afterMs: number; ms: number; blocks: number } | null;
}

/** What only a call that hands over bytes can suffer. */
const ofSends: readonly Fault[] = [
  'taken, no reply',
  'taken, silent',
  'twice',
  'again later',
  'wrong error',
  'forgotten',
];

/**
 * Chooses which calls go wrong: the n-th call of a method has the same fate for the same seed, whatever else is asked in
 * between.
 */
export function chooseFaults({ seed, rate, silent }: Misbehaviour): (method: string) => Fault | null {
  const calls = new Map<string, number>();
  return (method) => {
    const nth = (calls.get(method) ?? 0) + 1;
    calls.set(method, nth);
    const isSend = method === 'eth_sendRawTransaction';
    const random = createRandom(`${seed}/${method}/${nth}`);
    // Sends are few among all calls, and what goes wrong with them is what matters most.
    if (!random.chance(isSend ? Math.min(0.6, 3 * rate) : rate)) return null;
    const fault = random.pick(isSend ? faults : faults.filter((each) => !ofSends.includes(each)));
    return fault === 'taken, silent' && !silent ? 'taken, no reply' : fault;
  };
}

/** Said of bytes that the node has not seen. */
export const wrongErrors = [
  'nonce too low',
  'already known',
  'replacement transaction underpriced',
  'insufficient funds for gas * price + value',
  'internal error',
];

/** What comes from something that is no node. */
export const garbage = ['{"jsonrpc":"2.0","id":1,"resu', '', '[]', '{"result":true}', '<html></html>'];
