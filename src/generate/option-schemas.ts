import { z } from 'zod';
import { amountPattern } from './amounts.ts';

/** No control, format, private or unassigned characters, no line separators, no space at an end: safe in a literal. */
const printable = /^(?!\s)[^\p{C}\p{Zl}\p{Zp}]+(?<!\s)$/u;

/** A name that people read. Anything printable; it ends up in a Solidity string. */
export function nameText(description: string) {
  return z
    .string()
    .min(1)
    .max(64)
    .regex(printable, 'Use printable characters, with no space at the start or end.')
    .describe(description);
}

/** A ticker symbol: short, no spaces. */
export function symbolText() {
  return z
    .string()
    .min(1)
    .max(16)
    .regex(printable, 'Use printable characters.')
    .regex(/^\S+$/, 'A symbol holds no spaces.')
    .describe('Ticker symbol, e.g. GMC');
}

/** An empty text or a URI prefix. */
export function uriText(description: string) {
  return z
    .string()
    .max(512)
    .regex(/^[^\s\p{C}]*$/u, 'A URI holds no spaces or control characters.')
    .describe(description);
}

/** An amount of whole tokens. */
export function amount(description: string) {
  const message = 'Give whole tokens as digits, e.g. "10000000" or "2.5".';
  return z
    .union(
      [
        z.string().regex(amountPattern, { abort: true }),
        z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
      ],
      message,
    )
    .describe(description);
}

/** Who may call the guarded functions. */
export const accessKinds = ['none', 'ownable', 'roles'] as const;
export type Access = (typeof accessKinds)[number];
