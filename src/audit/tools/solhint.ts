import { join } from 'node:path';
import { z } from 'zod';
import { checkName, endingOf, readJson } from '../tool-report.ts';
import type { Severity } from '../types.ts';
import type { Alarm, Ended, Tool, ToolReading } from './types.ts';

/** Its rules of security, and what an alarm of each weighs here: it is a linter, and most of them are only remarks. */
const rules: Readonly<Record<string, Severity>> = {
  'avoid-call-value': 'low',
  'avoid-low-level-calls': 'info',
  'avoid-sha3': 'info',
  'avoid-suicide': 'low',
  'avoid-throw': 'info',
  'avoid-tx-origin': 'low',
  'check-send-result': 'low',
  'func-visibility': 'info',
  'multiple-sends': 'low',
  'no-complex-fallback': 'info',
  'no-inline-assembly': 'info',
  'no-unchecked-calls': 'low',
  'not-rely-on-block-hash': 'low',
  'not-rely-on-time': 'info',
  reentrancy: 'low',
  'state-visibility': 'info',
};

const warnings = Object.fromEntries(Object.keys(rules).map((rule) => [rule, 'warn']));
const configFile = 'slipway-solhint.json';

/** The linter of Protofire. */
export const solhint: Tool = {
  name: 'solhint',
  title: 'Solhint',
  about: 'A linter; its rules of security are run, as remarks.',
  url: 'https://github.com/protofire/solhint',
  licence: 'MIT',
  program: {
    name: 'solhint',
    versionWords: ['--version'],
    readVersion: (output) => /(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null,
    versions: '>=4.0.0 <7.0.0',
    versionNote: 'Before 4.0.0 it asks the network whether it is the newest.',
  },
  mapping: {
    'avoid-call-value': { category: 'reentrancy' },
    'avoid-low-level-calls': { category: 'unchecked-result' },
    'avoid-suicide': { category: 'selfdestruct-and-locked-ether' },
    'avoid-tx-origin': { detector: 'tx-origin' },
    'check-send-result': { detector: 'unchecked-send' },
    'func-visibility': { detector: 'default-visibility' },
    'multiple-sends': { detector: 'payments-in-loop' },
    'no-unchecked-calls': { detector: 'unchecked-low-level-call' },
    'not-rely-on-block-hash': { detector: 'weak-randomness' },
    'not-rely-on-time': { detector: 'timestamp-dependence' },
    reentrancy: { detector: 'reentrancy' },
  },
  refuses: () => null,
  async run(unit, host): Promise<ToolReading> {
    const config = { rules: { ...warnings, 'func-visibility': ['warn', { ignoreConstructors: true }] } };
    const ended = await host.execute({
      words: ({ sources }) => [
        ...['--disc', '--noPoster', '--formatter', 'json', '--config', join(sources, configFile)],
        ...unit.ownFiles.map((file) => join(sources, file)),
      ],
      files: { [configFile]: JSON.stringify(config) },
    });
    return readSolhint(ended, host.seconds);
  },
};

const alarm = z.object({
  line: z.number().int().nullish(),
  column: z.number().int().nullish(),
  severity: z.enum(['Warning', 'Error']),
  message: z.string(),
  ruleId: checkName.optional(),
  filePath: z.string(),
});
const report = z.array(z.union([alarm, z.object({ conclusion: z.string() })]));

/**
 * Reads its report. By its documentation the exit status is 0 without errors, 1 with some, and 255 when it was started
 * wrongly. A file that it cannot parse is an error without a rule.
 */
export function readSolhint(ended: Ended, seconds: number): ToolReading {
  if (ended.fault !== null) return { ok: false, message: endingOf(ended, seconds) };
  const read = readJson(ended.output, report);
  if (!read.ok) return { ok: false, message: `${read.message} (${endingOf(ended, seconds)})` };
  if (ended.code !== 0 && ended.code !== 1) return { ok: false, message: endingOf(ended, seconds) };
  const alarms: Alarm[] = [];
  const problems: { file: string; message: string }[] = [];
  for (const item of read.value) {
    if ('conclusion' in item) continue;
    const { ruleId: check, filePath: file, message } = item;
    if (check === undefined) problems.push({ file, message: message.slice(0, 300) });
    else {
      alarms.push({
        check,
        severity: rules[check] ?? 'info',
        confidence: 'low',
        message,
        place: {
          file,
          line: Math.max(1, item.line ?? 1),
          ...(item.column ? { column: item.column } : {}),
        },
        references: [`https://protofire.github.io/solhint/docs/rules/security/${check}.html`],
      });
    }
  }
  // One parse error brings others after it.
  const broken = new Map(problems.toReversed().map((problem) => [problem.file, problem]));
  return {
    ok: true,
    complete: broken.size === 0,
    alarms,
    problems: [...broken.values()],
    checks: Object.keys(rules),
  };
}
