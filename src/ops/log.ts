import { type Logger, pino } from 'pino';
import { redact, redactText } from './redact.ts';

export type { Logger };

const childNames = [
  'password',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'apiKey',
  'privateKey',
];

/** Somewhere that lines of text can be written to. */
export interface LogTarget {
  write(line: string): unknown;
}

/**
 * Makes the process's logger: one JSON object a line, or one short line for people. No secret passes: facts and
 * messages go through `redact`. Lower rooms are never handed this; they return values.
 *
 * @param options.human lines for a terminal in place of JSON
 * @param options.target standard output by default
 */
export function createLog(options: { level: string; human?: boolean; target?: LogTarget }): Logger {
  const target = options.target ?? process.stdout;
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (facts) => redact(facts) as Record<string, unknown>,
      },
      // A child logger's own facts pass no formatter: the plain names at least are caught here.
      redact: { paths: childNames, censor: '[secret]' },
      serializers: { err: (value: unknown) => value },
      hooks: {
        logMethod(words, method) {
          // Of a bare error the library would take the message for the line, past the redaction of facts.
          const [first] = words as unknown[];
          const all = first instanceof Error && words.length === 1 ? [{ err: first }, first.message] : words;
          method.apply(
            this,
            all.map((word) => (typeof word === 'string' ? redactText(word) : word)) as typeof words,
          );
        },
      },
    },
    options.human
      ? { write: (line: string) => target.write(humanLine(line)) }
      : { write: (line: string) => target.write(line) },
  );
}

/** `12:30:05 warn  the message  port=4280 stage=compile` */
function humanLine(json: string): string {
  const { level, time, msg, pid: _pid, err, ...facts } = JSON.parse(json) as Record<string, unknown>;
  const words = Object.entries(facts).map(([name, value]) => `${name}=${plain(value)}`);
  const stack = err && typeof err === 'object' && 'stack' in err ? `\n${String(err.stack)}` : '';
  const head = `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg ?? '')}`;
  return `${[head, ...words].join('  ').trimEnd()}${stack}\n`;
}

function plain(value: unknown): string {
  return typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value);
}
