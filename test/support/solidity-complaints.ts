import { expect } from 'vitest';
import { hintsByCode } from '../../src/solidity/hint-codes.ts';
import type {
  Compiler,
  CompileSettings,
  Diagnostic,
  PreparedCompile,
  Sources,
} from '../../src/solidity/types.ts';

/** A source that the compiler complains about: with which code, and what the hint has to say of it. */
export interface Example {
  /** The code, or for complaints without one their type. */
  code: string;
  source: string;
  /** Further files. */
  others?: Sources;
  settings?: CompileSettings;
  /** Part of the hint; that of the code when left out. */
  hint?: string;
  /** Compiled as it is, past what is checked before: the compiler's own complaint is wanted. */
  compiler?: string;
}

export const spdx = '// SPDX-License-Identifier: MIT\n';
const header = `${spdx}pragma solidity ^0.8.20;\n`;
export const at = (version: string, text: string) => `${spdx}pragma solidity ${version};\n${text}`;
/** File level, contract level, inside of a function. */
export const file = (text: string) => header + text;
export const contract = (text: string) => file(`contract C { ${text} }`);
export const inside = (text: string) => contract(`uint s; function f(uint a) public { ${text} }`);
export const two = (base: string, derived: string) =>
  file(`contract B { ${base} } contract C is B { ${derived} }`);
export const documented = (comment: string) =>
  contract(`/// ${comment}\nfunction f(uint x) public pure returns (uint) { return x; }`);

/** Compiles an example with the real compiler. @returns all that it says */
export async function complaints(compiler: Compiler, example: Example): Promise<Diagnostic[]> {
  const sources = { 'A.sol': example.source, ...example.others };
  const request = { sources, ...(example.settings ? { settings: example.settings } : {}) };
  const prepared = example.compiler ? unchecked(compiler, example) : compiler.prepare(request);
  return (await compiler.compile(prepared)).diagnostics;
}

/** What `prepare` would have refused. */
function unchecked(compiler: Compiler, { source, compiler: version = '' }: Example): PreparedCompile {
  const prepared = compiler.prepare({ sources: { 'A.sol': '' } });
  return {
    ...prepared,
    compiler: version,
    input: { ...prepared.input, sources: { 'A.sol': { content: source } } },
  };
}

/** Expects the complaint of an example, with its hint. */
export async function expectHint(compiler: Compiler, example: Example): Promise<void> {
  const found = await complaints(compiler, example);
  const hits = found.filter((one) => (one.code ?? one.type) === example.code);
  const all = found.map((one) => `${one.code ?? one.type}: ${one.message}`);
  expect(hits.length, `${example.code} is among ${all.join(' | ')}`).toBeGreaterThan(0);
  const hints = hits.map((one) => one.hint ?? '').join('\n');
  expect(hints).toContain(example.hint ?? hintsByCode[example.code]);
}
