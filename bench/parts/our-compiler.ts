/** Our compile service alone, run as a child process, for what a cold start costs. Same messages as the bare one. */
import { readFileSync } from 'node:fs';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import type { CompileRequest } from '../../src/solidity/types.ts';

const compiler = await startCompiler({ workers: 1 });

process.on('message', async (message: { file: string }) => {
  const request = JSON.parse(readFileSync(message.file, 'utf8')) as CompileRequest;
  const begin = performance.now();
  const { ok } = await compiler.compile(compiler.prepare(request));
  process.send?.({ ms: performance.now() - begin, ok });
});
process.on('disconnect', async () => {
  await compiler.close();
  process.exit(0);
});
process.send?.('ready');
