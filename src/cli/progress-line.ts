import type { Io } from './command.ts';

/** One line on a terminal that says what is done at the moment, and is gone when it is done; elsewhere nothing. */
export function progressLine(io: Io): { say(text: string): void; clear(): void } {
  const { stderr } = io;
  if (stderr.isTTY !== true || io.env['TERM'] === 'dumb') return { say() {}, clear() {} };
  const clear = () => stderr.write('\r\u001b[K');
  return {
    say(text) {
      clear();
      stderr.write(text.slice(0, widthMax));
    },
    clear,
  };
}

/** A longer line would wrap, and could not be taken back. */
const widthMax = 78;
