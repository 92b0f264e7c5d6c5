import pc from 'picocolors';
import type { Io } from './command.ts';

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours for what is written to a stream: where it goes decides, not where this process runs. NO_COLOR wins, then FORCE_COLOR. */
export function coloursFor(env: Io['env'], stream: Io['stdout']): Colours {
  if (env['NO_COLOR']) return pc.createColors(false);
  return pc.createColors(Boolean(env['FORCE_COLOR']) || (stream.isTTY === true && env['TERM'] !== 'dumb'));
}
