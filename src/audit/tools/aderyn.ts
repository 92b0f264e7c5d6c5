import { join } from 'node:path';
import { lt } from 'semver';
import { z } from 'zod';
import { replayCompiler } from '../replay-compiler.ts';
import { checkName, endingOf, readJson } from '../tool-report.ts';
import type { Severity } from '../types.ts';
import type { Alarm, Ended, Tool, ToolReading } from './types.ts';

/** The oldest compiler whose trees it reads. */
const compilerMin = '0.8.0';
const reportFile = 'report.json';

/** The static analyser of Cyfrin. */
export const aderyn: Tool = {
  name: 'aderyn',
  title: 'Aderyn',
  about: 'A fast static analyser with about eighty checks.',
  url: 'https://github.com/Cyfrin/aderyn',
  licence: 'GPL-3.0',
  program: {
    name: 'aderyn',
    versionWords: ['--version'],
    readVersion: (output) => /(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null,
    versions: '>=0.1.0 <1.0.0',
    versionNote: 'A later report may have another shape; one that is not understood is told as failed.',
  },
  mapping: {
    'reentrancy-state-change': { detector: 'reentrancy' },
    'state-change-after-external-call': { detector: 'reentrancy' },
    'arbitrary-transfer-from': { detector: 'arbitrary-transfer-from' },
    'delegate-call-unchecked-address': { detector: 'controlled-delegatecall' },
    'delegate-call-in-loop': { detector: 'value-in-loop' },
    'msg-value-in-loop': { detector: 'value-in-loop' },
    'eth-send-unchecked-address': { detector: 'arbitrary-ether-send' },
    'send-ether-no-checks': { detector: 'arbitrary-ether-send' },
    'unprotected-initializer': { detector: 'open-implementation' },
    'tx-origin-used-for-auth': { detector: 'tx-origin' },
    'weak-randomness': { detector: 'weak-randomness' },
    'unchecked-send': { detector: 'unchecked-send' },
    'unchecked-low-level-call': { detector: 'unchecked-low-level-call' },
    'unchecked-return': { category: 'unchecked-result' },
    'unsafe-erc20-operation': { detector: 'unchecked-token-transfer' },
    'unsafe-erc20-functions': { detector: 'unchecked-token-transfer' },
    'contract-locks-ether': { detector: 'locked-ether' },
    'contract-with-no-withdraw': { detector: 'locked-ether' },
    'dangerous-strict-equality': { detector: 'strict-balance' },
    'dangerous-strict-equality-on-contract-balance': { detector: 'strict-balance' },
    'dangerous-unary-operator': { detector: 'mistyped-operator' },
    'incorrect-caret-operator': { detector: 'mistyped-operator' },
    'incorrect-shift-order': { category: 'arithmetic' },
    'division-before-multiplication': { detector: 'divide-before-multiply' },
    'unsafe-casting': { detector: 'unsafe-downcast' },
    'abi-encode-packed-hash-collision': { detector: 'packed-hash-collision' },
    'avoid-abi-encode-packed': { detector: 'packed-hash-collision' },
    'state-variable-shadowing': { detector: 'shadowed-state' },
    'storage-array-memory-edit': { detector: 'lost-copy' },
    'storage-array-edit-with-memory': { detector: 'lost-copy' },
    'tautology-or-contradiction': { detector: 'tautology' },
    'tautological-compare': { detector: 'tautology' },
    ecrecover: { category: 'signature' },
    'signature-malleability': { category: 'signature' },
    'block-timestamp-deadline': { category: 'front-running' },
    'costly-loop': { category: 'denial-of-service' },
    'costly-operations-inside-loops': { category: 'denial-of-service' },
    'require-revert-in-loop': { category: 'denial-of-service' },
    'state-no-address-check': { category: 'input-validation' },
    'zero-address-check': { category: 'input-validation' },
    'uninitialized-local-variable': { category: 'language-trap' },
    rtlo: { category: 'language-trap' },
  },
  refuses: ({ compiler }) =>
    lt(compiler, compilerMin) ? `it reads trees of compiler ${compilerMin} and later only` : null,
  async run(unit, host): Promise<ToolReading> {
    const output = await host.compile('trees');
    const { compiler: version } = unit;
    const ended = await host.execute({
      words: ({ sources, home }) => [sources, '--output', join(home, reportFile), '--skip-update-check'],
      files: { 'foundry.toml': projectFile(version) },
      // It looks for compilers where Foundry's version manager keeps them.
      programs: (folders) =>
        replayCompiler({ version, output }, folders, [
          join(folders.home, '.svm', version, `solc-${version}`),
          join(folders.home, '.local/share/svm', version, `solc-${version}`),
        ]),
      report: reportFile,
    });
    return readAderyn(ended, host.seconds);
  },
};

function projectFile(version: string): string {
  return `[profile.default]\nsrc = "."\nlibs = []\nsolc = "${version}"\noffline = true\n`;
}

const issues = z.object({
  issues: z.array(
    z.object({
      title: z.string(),
      description: z.string(),
      detector_name: checkName,
      instances: z.array(
        z.object({ contract_path: z.string(), line_no: z.number().int().min(1), hint: z.string().nullish() }),
      ),
    }),
  ),
});
const report = z.object({
  high_issues: issues,
  low_issues: issues,
  detectors_used: z.array(z.string()).optional(),
});

/**
 * Reads its report, which it writes to a file at the end: where that is there and whole, its findings stand, whatever
 * the exit status; another one than 0 is then told as what it is.
 */
export function readAderyn(ended: Ended, seconds: number): ToolReading {
  if (ended.fault !== null) return { ok: false, message: endingOf(ended, seconds) };
  const read = readJson(ended.report, report);
  if (!read.ok) return { ok: false, message: `${read.message} (${endingOf(ended, seconds)})` };
  const { high_issues: high, low_issues: low, detectors_used: checks } = read.value;
  const complete = ended.code === 0;
  return {
    ok: true,
    complete,
    alarms: [...alarmsOf(high, 'high'), ...alarmsOf(low, 'low')],
    problems: complete ? [] : [{ message: endingOf(ended, seconds) }],
    ...(checks ? { checks } : {}),
  };
}

// It knows two levels only, and says nothing about how sure it is.
function alarmsOf({ issues: list }: z.output<typeof issues>, severity: Severity): Alarm[] {
  return list.flatMap(({ title, description, detector_name: check, instances }) =>
    instances.map(({ contract_path: file, line_no: line, hint }) => ({
      check,
      severity,
      confidence: severity === 'high' ? 'medium' : 'low',
      message: [title, hint ?? description].filter(Boolean).join(': '),
      place: { file: file.replace(/^\.\//, ''), line },
    })),
  );
}
