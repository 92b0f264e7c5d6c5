import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Analysers, openAnalysers } from '../../ops/analysers.ts';
import { isolationProblem } from '../../ops/sandbox.ts';
import type { Compiler, Sources } from '../../solidity/types.ts';
import { runAudit } from '../run-audit.ts';
import { runTools } from '../run-tools.ts';
import { summarise } from '../summarise.ts';
import type { AuditReport } from '../types.ts';
import { unitOfOutcome } from '../unit-of-outcome.ts';
import { type ToolName, toolNames } from './types.ts';

/** A contract of ours with faults that most analysers know. */
export const purse = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Purse {
    mapping(address => uint256) public balances;
    address owner = msg.sender;
    function put() external payable { balances[msg.sender] += msg.value; }
    function take() external {
        uint256 amount = balances[msg.sender];
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok);
        balances[msg.sender] = 0;
    }
    function close() external view returns (bool) {
        require(tx.origin == owner);
        return true;
    }
}
`;

/** Programs that behave as analysers do on the command line, in a folder of their own. */
export interface FakePrograms {
  folder: string;
  /** Writes a shell script; further files beside it are what it reads. */
  add(name: string, script: string, files?: Record<string, string>): void;
  /** The analysers that this folder has, and the setting's limits. */
  analysers(options?: { seconds?: number; paths?: Record<string, string> }): Promise<Analysers>;
  remove(): void;
}

export function fakePrograms(): FakePrograms {
  const root = mkdtempSync(join(tmpdir(), 'slipway-fakes-'));
  const folder = join(root, 'bin');
  mkdirSync(folder);
  return {
    folder,
    add(name, script, files = {}) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    },
    async analysers({ seconds = 60, paths = {} } = {}) {
      return openAnalysers({
        auditTools: { allowed: toolNames, paths, isolation: await bestIsolation(), seconds },
        searchPath: folder,
        secretPaths: [],
      });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Namespaces where this machine has them: tests of the analysers hold with and without. */
export async function bestIsolation(): Promise<'namespaces' | 'process'> {
  return (await isolationProblem()) === null ? 'namespaces' : 'process';
}

/** Compiles sources and audits them with the named analysers. */
export async function auditNamed(
  sources: Sources,
  options: {
    compiler: Compiler;
    machine: Analysers;
    names: readonly ToolName[];
    version?: string;
    signal?: AbortSignal;
  },
): Promise<AuditReport> {
  const { compiler, machine, names, version, signal } = options;
  const prepared = compiler.prepare({ sources, ...(version ? { compiler: version } : {}) });
  const outcome = await compiler.ast(prepared);
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  const now = () => performance.now();
  const own = names.includes('slipway') ? runAudit(unitOfOutcome(outcome), { now }) : summarise([], []);
  return runTools([outcome], own, { names, analysers: machine, compiler, leftOut: [], now, signal });
}
