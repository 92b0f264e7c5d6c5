import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Io } from './command.ts';

/** Asks a person. @returns what was typed; a hidden answer is not shown on the terminal */
export async function ask(io: Io, question: string, options: { hidden?: boolean } = {}): Promise<string> {
  io.stderr.write(question);
  // What is typed is echoed by readline itself: a hidden answer goes to an output that shows nothing.
  const output = options.hidden
    ? new Writable({ write: (_chunk, _encoding, done) => done() })
    : process.stderr;
  const line = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true });
  try {
    return (await line.question('')).trim();
  } finally {
    line.close();
    if (options.hidden) io.stderr.write('\n');
  }
}

/** @returns all of standard input, without the last line's end */
export async function readInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.replace(/\r?\n$/, '');
}
