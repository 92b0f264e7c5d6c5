import { join } from 'node:path';
import { lt } from 'semver';
import { z } from 'zod';
import { replayCompiler } from '../replay-compiler.ts';
import { checkName, endingOf, readJson } from '../tool-report.ts';
import type { AuditUnit, Confidence, Severity } from '../types.ts';
import type { Alarm, Ended, Place, Tool, ToolReading } from './types.ts';

/** Trees of the compact form, which it reads, are in the output from here on. */
const compilerMin = '0.4.12';

/** The static analyser of Trail of Bits. */
export const slither: Tool = {
  name: 'slither',
  title: 'Slither',
  about: 'A static analyser with about a hundred checks of security and style.',
  url: 'https://github.com/crytic/slither',
  licence: 'AGPL-3.0',
  program: {
    name: 'slither',
    versionWords: ['--version'],
    readVersion: (output) => /(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null,
    versions: '>=0.9.0 <1.0.0',
    versionNote: 'Before 0.9.0 its report names no columns and fewer places.',
  },
  mapping: {
    'reentrancy-eth': { detector: 'reentrancy' },
    'reentrancy-no-eth': { detector: 'reentrancy' },
    'reentrancy-balance': { detector: 'reentrancy' },
    'reentrancy-benign': { detector: 'reentrancy' },
    'reentrancy-unlimited-gas': { detector: 'reentrancy' },
    'reentrancy-events': { category: 'reentrancy' },
    'arbitrary-send-eth': { detector: 'arbitrary-ether-send' },
    'arbitrary-send-erc20': { detector: 'arbitrary-transfer-from' },
    'arbitrary-send-erc20-permit': { detector: 'arbitrary-transfer-from' },
    suicidal: { detector: 'unprotected-selfdestruct' },
    'controlled-delegatecall': { detector: 'controlled-delegatecall' },
    'delegatecall-loop': { detector: 'value-in-loop' },
    'msg-value-loop': { detector: 'value-in-loop' },
    'unprotected-upgrade': { detector: 'open-implementation' },
    'protected-vars': { category: 'access-control' },
    'weak-prng': { detector: 'weak-randomness' },
    'gelato-unprotected-randomness': { category: 'randomness' },
    'unchecked-transfer': { detector: 'unchecked-token-transfer' },
    'unchecked-lowlevel': { detector: 'unchecked-low-level-call' },
    'unchecked-send': { detector: 'unchecked-send' },
    'unused-return': { category: 'unchecked-result' },
    'incorrect-equality': { detector: 'strict-balance' },
    'locked-ether': { detector: 'locked-ether' },
    'tx-origin': { detector: 'tx-origin' },
    timestamp: { detector: 'timestamp-dependence' },
    'uninitialized-storage': { detector: 'uninitialised-pointer' },
    'uninitialized-state': { category: 'language-trap' },
    'uninitialized-local': { category: 'language-trap' },
    'shadowing-state': { detector: 'shadowed-state' },
    'shadowing-abstract': { detector: 'shadowed-state' },
    'divide-before-multiply': { detector: 'divide-before-multiply' },
    'incorrect-exp': { detector: 'mistyped-operator' },
    'incorrect-shift': { category: 'arithmetic' },
    'incorrect-unary': { detector: 'mistyped-operator' },
    'array-by-reference': { detector: 'lost-copy' },
    'calls-loop': { detector: 'payments-in-loop' },
    'costly-loop': { category: 'denial-of-service' },
    'return-bomb': { category: 'denial-of-service' },
    'encode-packed-collision': { detector: 'packed-hash-collision' },
    tautology: { detector: 'tautology' },
    'tautological-compare': { detector: 'tautology' },
    'missing-zero-check': { category: 'input-validation' },
    'domain-separator-collision': { category: 'signature' },
    'chronicle-unchecked-price': { detector: 'stale-price' },
    'pyth-unchecked-publishtime': { detector: 'stale-price' },
    'pyth-unchecked-confidence': { category: 'oracle-price' },
    'out-of-order-retryable': { category: 'cross-chain' },
    rtlo: { category: 'language-trap' },
  },
  refuses: ({ compiler }) =>
    lt(compiler, compilerMin) ? `compiler ${compiler} is older than ${compilerMin}` : null,
  async run(unit, host): Promise<ToolReading> {
    const output = await host.compile('trees');
    const entry = entryOf(unit);
    const ended = await host.execute({
      words: ({ sources, bin }) => [
        ...[join(sources, entry.file), '--solc', join(bin, 'solc')],
        ...['--json', '-', '--disable-color'],
      ],
      ...(entry.text === null ? {} : { files: { [entry.file]: entry.text } }),
      programs: (folders) => replayCompiler({ version: unit.compiler, output }, folders),
    });
    return readSlither(ended, host.seconds);
  },
};

/** It takes one file; the compiler that it asks speaks of all. @returns a file to begin with, which is there */
function entryOf({ ownFiles }: AuditUnit): { file: string; text: string | null } {
  const file = ownFiles.find((path) => path.endsWith('.sol'));
  return file === undefined
    ? { file: 'SlipwayEntry.sol', text: '// The sources have other names.\n' }
    : { file, text: null };
}

const place = z.object({
  filename_relative: z.string(),
  lines: z.array(z.number()),
  starting_column: z.number().optional(),
  ending_column: z.number().optional(),
});
const element = z.object({
  type: z.string(),
  name: z.string(),
  source_mapping: place,
  type_specific_fields: z
    .object({
      signature: z.string().optional(),
      parent: z
        .object({
          type: z.string(),
          name: z.string(),
          type_specific_fields: z
            .object({ signature: z.string().optional(), parent: z.object({ name: z.string() }).optional() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
});
const report = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  results: z.object({
    detectors: z
      .array(
        z.object({
          check: checkName,
          impact: z.enum(['High', 'Medium', 'Low', 'Informational', 'Optimization']),
          confidence: z.enum(['High', 'Medium', 'Low']),
          description: z.string(),
          elements: z.array(element),
        }),
      )
      .optional(),
  }),
});

/**
 * Reads its report. Its exit status says nothing about that: by its documentation it is the number of findings, or
 * not, as it is set, and 255 after a fault; `success` in the report is what counts.
 */
export function readSlither(ended: Ended, seconds: number): ToolReading {
  const read = readJson(ended.output, report);
  if (ended.fault !== null) return { ok: false, message: endingOf(ended, seconds) };
  if (!read.ok) return { ok: false, message: `${read.message} (${endingOf(ended, seconds)})` };
  const { success, error, results } = read.value;
  if (!success) return { ok: false, message: error?.trim().split('\n').at(-1) ?? 'it says that it failed' };
  const alarms: Alarm[] = [];
  let placeless = 0;
  for (const { check, impact, confidence, description, elements } of results.detectors ?? []) {
    // The first one is the most significant by its documentation; the statement is more exact than its function.
    const node = elements.find(({ type }) => type === 'node');
    const chosen = node && elements[0]?.type !== 'variable' ? node : elements[0];
    const main = chosen && placeOf(chosen);
    if (!main) {
      placeless++;
      continue;
    }
    alarms.push({
      check,
      severity: severityOf[impact],
      confidence: confidence.toLowerCase() as Confidence,
      message: description.trim(),
      place: main,
      others: elements.filter((item) => item !== chosen).flatMap((item) => placeOf(item) ?? []),
      ...namesOf(chosen),
      references: [`https://github.com/crytic/slither/wiki/Detector-Documentation#${check}`],
    });
  }
  const problems = placeless === 0 ? [] : [{ message: `${placeless} of its findings name no place` }];
  return { ok: true, complete: placeless === 0, alarms, problems };
}

const severityOf: Record<'High' | 'Medium' | 'Low' | 'Informational' | 'Optimization', Severity> = {
  High: 'high',
  Medium: 'medium',
  Low: 'low',
  Informational: 'info',
  Optimization: 'gas',
};

function placeOf({ name, source_mapping: at }: z.output<typeof element>): Place | undefined {
  const [line] = at.lines;
  if (line === undefined) return undefined;
  return {
    file: at.filename_relative,
    line,
    endLine: at.lines.at(-1) ?? line,
    ...(at.starting_column === undefined ? {} : { column: at.starting_column }),
    ...(at.ending_column === undefined ? {} : { endColumn: at.ending_column }),
    ...(name === '' ? {} : { note: name.slice(0, 200) }),
  };
}

/** The contract and function that it stands in. */
function namesOf(item: z.output<typeof element> | undefined): { contract?: string; function?: string } {
  const fields = item?.type_specific_fields;
  const owner = item?.type === 'node' ? fields?.parent : item?.type === 'function' ? item : undefined;
  const contract = item?.type === 'contract' ? item.name : owner?.type_specific_fields?.parent?.name;
  const signature = owner?.type_specific_fields?.signature;
  return {
    ...(contract === undefined ? {} : { contract }),
    ...(signature === undefined ? {} : { function: signature }),
  };
}
