import { readFileSync } from 'node:fs';
import { type Category, categories } from '../../src/audit/categories.ts';
import { detectors } from '../../src/audit/detectors/index.ts';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import { auditCase } from './audit/audit-case.ts';
import { type Part, parts, readCases } from './audit/read-cases.ts';
import { type Audited, overall, scoreAudits, share } from './audit/score.ts';
import type { Corpus } from './frame.ts';

/** What the open part has to come to. The unseen one is measured: how general the analyser is, with nothing to aim at. */
const bars = { contracts: 400, recall: 0.95, precision: 0.9 };

/** Our own labelled contracts: what is at fault is found where it is, and what is not is left alone. */
export const audit: Corpus = {
  name: 'audit',
  describe:
    'Contracts with labelled faults and their mended twins: at least 95 % are found, at least 90 % of what is found is right. ' +
    'The unseen part is told beside it and has no bar. Failures are shown of the open part; with --unseen of the other one.',
  options: ['class'],
  flags: ['unseen'],
  refuse: ({ class: wanted }) =>
    wanted === undefined || (categories as readonly string[]).includes(wanted)
      ? undefined
      : `The classes are ${categories.join(', ')}.`,
  async run({ words, note }) {
    const cases = readCases().filter(
      ({ folder }) => words['class'] === undefined || folder === words['class'],
    );
    const compiler = await startCompiler();
    const audits: Audited[] = [];
    try {
      for (const one of cases) {
        audits.push(await auditCase(compiler, one));
        if (audits.length % 50 === 0) note(`${audits.length} of ${cases.length}`);
      }
    } finally {
      await compiler.close();
    }
    const shown: Part = words['unseen'] === undefined ? 'open' : 'unseen';
    return report(audits, { shown, whole: words['class'] === undefined });
  },
};

function report(audits: readonly Audited[], { shown, whole }: { shown: Part; whole: boolean }) {
  const byPart = parts.map((part) => {
    const ofPart = audits.filter(({ one }) => one.part === part);
    const score = scoreAudits(ofPart).perClass;
    return { part, contracts: ofPart.length, score, ...overall(score) };
  });
  const { perClass, failures } = scoreAudits(audits);
  const all = overall(perClass);
  const open = byPart.find(({ part }) => part === 'open') ?? { contracts: 0, ...all };
  const named = categories.filter((name) => perClass[name].expected + perClass[name].wrong > 0);
  const shortfalls = [
    ...(open.contracts < bars.contracts ? [`${open.contracts} contracts, of ${bars.contracts}`] : []),
    ...(open.recall < bars.recall ? [`recall ${percent(open.recall)}, of ${percent(bars.recall)}`] : []),
    ...(open.precision < bars.precision
      ? [`precision ${percent(open.precision)}, of ${percent(bars.precision)}`]
      : []),
  ];
  return {
    rows: [
      ...named.map((name) => ({ class: name, ...row(perClass[name]) })),
      ...byPart.map(({ part, score }) => ({ class: `all ${part}`, ...row(sumOf(Object.values(score))) })),
      { class: 'all', ...row(sumOf(named.map((name) => perClass[name]))) },
    ],
    remarks: failures.filter(({ part }) => part === shown).map(({ name, text }) => `${name}: ${text}`),
    result: {
      ...{ contracts: audits.length, detectors: detectors.length, ...all, perClass: named.map(classOf) },
      parts: Object.fromEntries(
        byPart.map(({ part, contracts, recall, precision }) => [part, { contracts, recall, precision }]),
      ),
      firstScore: JSON.parse(readFileSync(firstScoreFile, 'utf8')) as unknown,
    },
    shortfalls: whole ? shortfalls : [],
  };

  function classOf(name: Category) {
    const { found, expected, right, wrong } = perClass[name];
    return {
      name,
      ...perClass[name],
      recall: share(found, expected),
      precision: share(right, right + wrong),
    };
  }
}

const firstScoreFile = new URL('./audit/first-score.json', import.meta.url);

type Counts = ReturnType<typeof scoreAudits>['perClass'][Category];

function row({ expected, found, exact, right, wrong }: Counts) {
  return {
    ...{ expected, found, exact, right, wrong },
    recall: percent(share(found, expected)),
    precision: percent(share(right, right + wrong)),
  };
}

function sumOf(scores: readonly Counts[]): Counts {
  const sum = (field: keyof Counts) => scores.reduce((total, score) => total + score[field], 0);
  return {
    ...{ expected: sum('expected'), found: sum('found'), exact: sum('exact') },
    ...{ right: sum('right'), wrong: sum('wrong') },
  };
}

function percent(part: number): string {
  return `${Math.round(part * 1_000) / 10} %`;
}
