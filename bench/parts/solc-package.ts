/** A fresh process that does what a script with `require('solc')` does. Same messages as the bare compiler. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string };

process.on('message', (message: { file: string }) => {
  const begin = performance.now();
  const { errors = [] } = JSON.parse(solc.compile(readFileSync(message.file, 'utf8'))) as {
    errors?: { severity: string }[];
  };
  const ok = !errors.some((error) => error.severity === 'error');
  process.send?.({ ms: performance.now() - begin, ok });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
