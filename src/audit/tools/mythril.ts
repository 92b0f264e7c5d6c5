import { join } from 'node:path';
import { z } from 'zod';
import type { AstNode } from '../../solidity/types.ts';
import { replayCompiler } from '../replay-compiler.ts';
import { checkName, endingOf, readJson } from '../tool-report.ts';
import type { AuditUnit, Severity } from '../types.ts';
import type { Alarm, Ended, Tool, ToolReading } from './types.ts';

/** What it needs beside the search itself: to start, and to write its report. */
const overheadSeconds = 15;

/** The symbolic executor of ConsenSys Diligence. */
export const mythril: Tool = {
  name: 'mythril',
  title: 'Mythril',
  about: 'Runs the bytecode symbolically and asks a solver for inputs; slow.',
  url: 'https://github.com/ConsenSysDiligence/mythril',
  licence: 'MIT',
  program: {
    name: 'myth',
    versionWords: ['version'],
    readVersion: (output) => /v?(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null,
    versions: '>=0.22.0 <1.0.0',
    versionNote: 'Before 0.22.0 its options have other names.',
  },
  mapping: {
    '101': { detector: 'integer-overflow' },
    '104': { detector: 'unchecked-low-level-call' },
    '105': { detector: 'arbitrary-ether-send' },
    '106': { detector: 'unprotected-selfdestruct' },
    '107': { detector: 'reentrancy' },
    '112': { detector: 'controlled-delegatecall' },
    '113': { detector: 'blockable-payment' },
    '114': { category: 'front-running' },
    '115': { detector: 'tx-origin' },
    '116': { detector: 'timestamp-dependence' },
    '120': { detector: 'weak-randomness' },
    '124': { category: 'access-control' },
    '127': { category: 'language-trap' },
  },
  refuses: (unit) =>
    deployable(unit).length === 0 ? 'there is no contract with code of its own to run' : null,
  async run(unit, host): Promise<ToolReading> {
    const output = await host.compile('code');
    const { compiler: version } = unit;
    const contracts = deployable(unit).filter(({ file, contract }) => {
      return (output.contracts?.[file]?.[contract]?.evm?.bytecode?.object ?? '') !== '';
    });
    if (contracts.length === 0) return { ok: false, message: 'the compiler made no code of the sources' };
    const searchSeconds = Math.max(1, Math.floor(host.seconds - overheadSeconds));
    const ended = await host.execute({
      words: () => [
        'analyze',
        ...contracts.map(({ file, contract }) => `${file}:${contract}`),
        ...['--solv', version, '-o', 'json', '--no-onchain-data'],
        ...['--execution-timeout', String(Math.floor(searchSeconds / contracts.length) || 1)],
      ],
      // It looks for compilers where two managers of versions keep them.
      programs: (folders) =>
        replayCompiler({ version, output }, folders, [
          join(folders.home, '.solcx', `solc-v${version}`),
          join(folders.home, '.py-solc', `solc-v${version}`, 'bin', 'solc'),
        ]),
    });
    return readMythril(ended, host.seconds);
  },
};

/** The contracts that have code: no interfaces, libraries or abstract ones. */
function deployable({ asts, ownFiles }: AuditUnit): { file: string; contract: string }[] {
  return ownFiles.flatMap((file) => {
    const nodes = asts[file]?.['nodes'];
    return (Array.isArray(nodes) ? (nodes as AstNode[]) : [])
      .filter((node) => node['contractKind'] === 'contract' && node['abstract'] !== true)
      .map((node) => ({ file, contract: String(node['name']) }));
  });
}

const report = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  issues: z.array(
    z.object({
      title: z.string(),
      'swc-id': checkName,
      contract: z.string(),
      description: z.string(),
      function: z.string(),
      severity: z.enum(['High', 'Medium', 'Low']),
      filename: z.string().optional(),
      lineno: z.number().int().min(1).optional(),
    }),
  ),
});

/**
 * Reads its report. The exit status is 0 or, in newer versions, 1 when it found something: `success` is what counts.
 * A finding without a line is in code that the compiler made by itself.
 */
export function readMythril(ended: Ended, seconds: number): ToolReading {
  if (ended.fault !== null) return { ok: false, message: endingOf(ended, seconds) };
  const read = readJson(ended.output, report);
  if (!read.ok) return { ok: false, message: `${read.message} (${endingOf(ended, seconds)})` };
  const { success, error, issues } = read.value;
  if (!success) return { ok: false, message: error?.trim().split('\n').at(-1) ?? 'it says that it failed' };
  const alarms = issues.flatMap((issue): Alarm[] => {
    const { filename: file, lineno: line, contract, title, description } = issue;
    if (file === undefined || line === undefined) return [];
    const swc = issue['swc-id'].replace(/^SWC-/, '');
    return [
      {
        check: swc,
        severity: issue.severity.toLowerCase() as Severity,
        confidence: 'medium',
        message: `${title}: ${description.trim()}`,
        place: { file, line },
        contract,
        ...(issue.function === 'fallback' || /\(/.test(issue.function) ? { function: issue.function } : {}),
        references: [`SWC-${swc}`],
      },
    ];
  });
  const lost = issues.length - alarms.length;
  const problems = lost === 0 ? [] : [{ message: `${lost} of its findings name no line of the sources` }];
  return { ok: true, complete: true, alarms, problems };
}
