import { readdirSync, readFileSync } from 'node:fs';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../../solidity/start-compiler.ts';
import type { Compiler } from '../../solidity/types.ts';
import { compareAudits, readBaseline, toBaseline } from '../baseline.ts';
import { summarise } from '../summarise.ts';
import { auditOf } from '../test-support.ts';
import type { Finding } from '../types.ts';
import { reportFormats } from './index.ts';
import type { Reported } from './types.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

/** Three findings: one that stays, one that a comment disables, one that is waived; and a name full of traps. */
const source = `pragma solidity ^0.8.20;
contract Purse {
    mapping(address => uint256) balances;
    address payable owner = payable(msg.sender);
    function empty(address payable to) external {
        (bool sent, ) = to.call{value: balances[to]}("<script>|*_");
        require(sent);
        balances[to] = 0;
    }
    function gift() external {
        // slipway-disable-next-line unchecked-send -- a gift | may get <lost>
        owner.send(1);
    }
    function pay() external { require(tx.origin == owner); balances[owner] += 1; }
}`;
const file = 'src/Purse & Co.sol';

async function reported(): Promise<Reported> {
  const report = await auditOf(compiler, { [file]: source });
  const waived = {
    id: '0192d3c4-0000-7000-8000-000000000001',
    reason: 'our own *keeper* only',
    by: 'somebody',
    at: '2026-01-01T00:00:00.000Z',
    expiresAt: '2027-01-01T00:00:00.000Z',
  };
  const findings = report.findings.map(
    (finding): Finding => (finding.detector === 'tx-origin' ? { ...finding, waived } : finding),
  );
  const [first] = report.findings;
  const fixed = {
    ...(first as Finding),
    fingerprint: 'f'.repeat(32),
    detector: 'locked-ether',
    message: 'it was locked',
  };
  const earlier = { name: 'last week', findings: [fixed] };
  return {
    title: 'Purse <1>',
    report: summarise(report.tools, findings),
    comparison: compareAudits(report, earlier),
    sources: { [file]: source },
    base: 'contracts/',
  };
}

const print = async (name: keyof typeof reportFormats) => reportFormats[name].print(await reported());

describe('every format', () => {
  test('is one file with its name', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => !/^(index|types)\.|\.test\./.test(name));
    expect(Object.values(reportFormats).map(({ name }) => `${name}.ts`)).toEqual(files.sort());
  });

  test.each(Object.keys(reportFormats) as (keyof typeof reportFormats)[])(
    '%s tells of what is open, suppressed, waived and no longer found',
    async (name) => {
      const text = await print(name);
      const words = ['reentrancy', 'unchecked-send', 'tx-origin', 'it was locked', 'keeper'];
      // Markup turns some characters into others; what is left of the words has to be there.
      const plain = text.replaceAll('\\', '');
      for (const word of name === 'html' || name === 'markdown' ? ['reentrancy', ...words.slice(3)] : words)
        expect([word, plain.includes(word)]).toEqual([word, true]);
      expect(text.endsWith('\n')).toBe(true);
    },
  );

  test.each(Object.keys(reportFormats) as (keyof typeof reportFormats)[])(
    '%s can be made of an audit that did not run',
    async (name) => {
      const tool = {
        tool: 'slipway',
        version: 'builtin',
        status: 'failed',
        seconds: 0,
        detectors: [],
      } as const;
      const report = summarise(
        [{ ...tool, detectors: [], problems: [{ message: 'it does not compile' }] }],
        [],
      );
      const text = reportFormats[name].print({ title: 'x', report, sources: {}, base: '' });
      expect(text).toContain('it does not compile');
      expect(text).toContain(name === 'sarif' ? '"executionSuccessful": false' : 'failed');
    },
  );
});

describe('SARIF', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../test/corpus/sarif/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'),
  );
  // One of its patterns is none by the stricter rules of Unicode mode.
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  test('is valid by the official schema, and the schema refuses what is not', async () => {
    const log = JSON.parse(await print('sarif'));
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
    log.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    log.runs[0].results[0].levle = 'error';
    expect(validate(log)).toBe(false);
    expect(validate.errors).toHaveLength(2);
  });

  test('holds places below the base, rules, the path, fingerprints, suppressions and the state to the baseline', async () => {
    const { report } = await reported();
    const [run] = JSON.parse(await print('sarif')).runs;
    const rules = run.tool.driver.rules as { id: string; properties: object }[];
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(rules.find(({ id }) => id === 'reentrancy')?.properties).toMatchObject({
      tags: expect.arrayContaining(['security', 'reentrancy', 'external/cwe/cwe-841']),
      precision: 'high',
      'security-severity': '8.0',
    });
    const of = (id: string) => run.results.find(({ ruleId }: { ruleId: string }) => ruleId === id);
    const finding = report.findings.find(({ detector }) => detector === 'reentrancy');
    expect(of('reentrancy')).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'contracts/src/Purse%20%26%20Co.sol', uriBaseId: '%SRCROOT%' },
            region: { startLine: 6, endLine: 6 },
          },
          logicalLocations: [{ fullyQualifiedName: 'Purse.empty(address payable)', kind: 'function' }],
        },
      ],
      partialFingerprints: { 'slipwayFinding/v1': finding?.fingerprint },
      suppressions: [],
      baselineState: 'new',
    });
    const [flow] = of('reentrancy').codeFlows[0].threadFlows;
    expect(
      flow.locations.map((step: { location: { message: { text: string } } }) => step.location.message.text),
    ).toEqual(finding?.path.map(({ note }) => note));
    expect(of('unchecked-send').suppressions).toEqual([
      { kind: 'inSource', status: 'accepted', justification: 'a gift | may get <lost>' },
    ]);
    expect(of('tx-origin').suppressions).toMatchObject([
      { kind: 'external', justification: 'our own *keeper* only' },
    ]);
    expect(of('locked-ether')).toMatchObject({ baselineState: 'absent', level: 'error' });
  });
});

test('what was shown by an attack, and who else reports it, stands in every format', async () => {
  const { report, ...rest } = await reported();
  const proof = {
    ...{ status: 'proven' as const, summary: 'the attacker leaves with all of it', seconds: 1 },
    ...{ accounts: [], transactions: [], changes: [{ what: 'purse', before: '1', after: '0' }] },
  };
  const findings = report.findings.map((finding) => ({ ...finding, proof, corroboratedBy: ['slither'] }));
  for (const { name, print } of Object.values(reportFormats)) {
    const text = print({ ...rest, report: { ...report, findings } });
    expect([name, text.includes(proof.summary), text.includes('slither')]).toEqual([name, true, true]);
  }
});

describe('HTML', () => {
  test('needs nothing from outside, runs nothing, and lets no source become markup', async () => {
    const page = await print('html');
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|url\(|@import|https?:\/\//i);
    expect(page).not.toMatch(/\son[a-z]+=/i);
    expect(page).toContain('&#60;script&#62;|*_');
    expect(page).toContain("default-src 'none'");
  });

  test('marks the place in its lines, shows the path, charts, both colour schemes, and what a screen reader needs', async () => {
    const page = await print('html');
    expect(page).toMatch(
      /<span class="row at"><span class="number"><span class="sign" aria-hidden="true">▶<\/span>6<\/span>[^\n]*<mark>to\.call/,
    );
    expect(page).toContain('<ol class="path">');
    expect(page.match(/<svg role="img" aria-label="By (severity|class): [^"]+"/g)).toHaveLength(2);
    expect(page).toContain('prefers-color-scheme: dark');
    for (const part of ['<html lang="en">', '<main>', '<header>', '<h1>', 'scope="col"', '<caption>'])
      expect(page).toContain(part);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  test('is well formed: every element that is opened is closed, in order', async () => {
    const open: string[] = [];
    for (const [, end, name = '', rest = ''] of (await print('html')).matchAll(
      /<(\/?)([a-z][a-z0-9]*)([^>]*)>/g,
    )) {
      if (['meta', 'rect'].includes(name) || rest.endsWith('/')) continue;
      if (end === '/') expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });
});

test('Markdown keeps what a source says from becoming markup', async () => {
  const text = await print('markdown');
  expect(text).toContain('# Audit of Purse \\<1\\>');
  expect(text).toContain('our own \\*keeper\\* only');
  expect(text).toContain('a gift \\| may get \\<lost\\>');
  expect(text).toContain('```solidity\n');
});

describe('a baseline', () => {
  test('is what is open, can be read back, and leaves nothing new', async () => {
    const { report } = await reported();
    const text = JSON.stringify(toBaseline(report.findings));
    const findings = readBaseline('base.json', text);
    expect(findings.map(({ detector }) => detector)).toEqual(['reentrancy']);
    expect(compareAudits(report, { name: 'x', findings })).toEqual({
      with: 'x',
      new: [],
      unchanged: findings.map(({ fingerprint }) => fingerprint),
      fixed: [],
    });
    // A whole report does as well.
    expect(readBaseline('report.json', JSON.stringify(report))).toEqual(findings);
  });

  test('tells new, unchanged and no longer found apart, and follows a contract to its new name', async () => {
    const before = await auditOf(compiler, { [file]: source });
    const baseline = { name: 'x', findings: toBaseline(before.findings).findings };
    const renamed = await auditOf(compiler, { [file]: source.replace('contract Purse', 'contract Wallet') });
    expect(compareAudits(renamed, baseline)).toMatchObject({ new: [], fixed: [] });
    const changed = source
      .replace('require(tx.origin == owner);', '')
      .replace(
        'payable(msg.sender);',
        'payable(msg.sender);\n    function kill() external { selfdestruct(owner); }',
      );
    const after = await auditOf(compiler, { [file]: changed });
    const comparison = compareAudits(after, baseline);
    const nameOf = (fingerprint: string) =>
      after.findings.find((one) => one.fingerprint === fingerprint)?.detector;
    expect(comparison.new.map(nameOf)).toEqual(['unprotected-selfdestruct']);
    expect(comparison.unchanged.map(nameOf)).toEqual(['reentrancy']);
    expect(comparison.fixed?.map(({ detector }) => detector)).toEqual(['tx-origin']);
  });

  test('knows nothing of what is gone while a part was not looked at', async () => {
    const { report } = await reported();
    const baseline = { name: 'x', findings: toBaseline(report.findings).findings };
    const tools = report.tools.map((tool) => ({ ...tool, status: 'partial' as const }));
    expect(compareAudits({ findings: [], tools }, baseline)).toEqual({
      with: 'x',
      new: [],
      unchanged: [],
      fixed: null,
    });
  });

  test('that is none says what is wrong with it', () => {
    expect(() => readBaseline('a.json', '{')).toThrow(/a\.json is no baseline of an audit: /);
    expect(() => readBaseline('a.json', '{"findings":[{"fingerprint":1}]}')).toThrow(
      /findings\.0\.fingerprint/,
    );
    expect(() => readBaseline('a.json', '[]')).toThrow('baseline');
  });
});
