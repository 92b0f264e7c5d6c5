import { readFileSync } from 'node:fs';
import { limits } from '../../src/lib/limits.ts';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import type { CompileRequest } from '../../src/solidity/types.ts';
import { median, round } from '../frame.ts';
import { erc20, governor } from './compile-inputs.ts';
import { compileBy } from './compile-tools.ts';

const versions = ['0.8.30', '0.8.28', '0.8.26', '0.7.6', '0.6.12'];

/** What the pool's process holds over many compiles of several compilers and sizes, two at a time. */
export async function measureMemory(compiles: number) {
  const compiler = await startCompiler({ workers: 2 });
  const rss: number[] = [];
  try {
    for (let turn = 0; turn < compiles; turn += 2) {
      await Promise.all([turn, turn + 1].map((index) => compileBy(compiler, mixed(index))));
      rss.push(megabytes(compiler.health().processId ?? 0));
    }
  } finally {
    await compiler.close();
  }
  const half = Math.floor(rss.length / 2);
  return {
    rssMegabytesMax: Math.max(...rss),
    limitMegabytes: Math.round(limits.compilerProcessBytesMax / 1_048_576),
    growth: round(median(rss.slice(half)) / median(rss.slice(0, half))),
  };
}

/** Mostly small ones, now and then a large one, and every fifth by another compiler. */
function mixed(index: number): CompileRequest {
  if (index % 10 === 9) return governor(`memory ${index}`);
  if (index % 5 !== 4) return erc20(`memory ${index}`);
  const source = `// SPDX-License-Identifier: MIT
pragma solidity ${versions[Math.floor(index / 5) % versions.length]};
contract Box${index} { mapping(address => uint256) public value; function set(uint256 next) public { value[msg.sender] += next * ${index}; } }`;
  return { sources: { 'Box.sol': source } };
}

function megabytes(processId: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}
