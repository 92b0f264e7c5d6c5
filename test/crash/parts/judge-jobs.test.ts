import { describe, expect, test } from 'vitest';
import type { AcceptedJob } from './job-poster.ts';
import { type JobFacts, judgeJob, type ToldJob } from './judge-jobs.ts';

const job: AcceptedJob = {
  ...{ id: 'j1', at: 0, marker: 'Mark1', body: {}, ends: 'succeeded' },
  route: 'POST /api/v1/contracts/compile',
};
const faulty: AcceptedJob = { ...job, ends: 'failed' };

const good = { generation: null, build: { status: 'succeeded', artifacts: [{ contract: 'Mark1' }] } };
const told: ToldJob = { id: 'j1', state: 'succeeded', seq: 3, error: null, result: good };
const log = ['queued', 'started', 'succeeded'].map((type, index) => ({ seq: index + 1, type }));
const facts: JobFacts = {
  ...{ job, told, jobIds: ['j1'], events: log },
  ledger: { endings: ['succeeded'], effects: 1 },
};

function generation(source: string): ToldJob {
  const result = { status: 'succeeded', result: { sources: { 'Token.sol': source } } };
  return { ...told, result: { generation: result, build: null } };
}

function failed(code: string): Partial<JobFacts> {
  return {
    told: { ...told, state: 'failed', error: { code, message: 'it fell over' } },
    ledger: { endings: ['failed'], effects: 1 },
    events: [...log.slice(0, 2), { seq: 3, type: 'failed' }],
  };
}

describe('what the proof says of a job', () => {
  const cases: [string, Partial<JobFacts>, string[]][] = [
    ['done once', {}, ['done']],
    ['generated', { told: generation('contract Mark1 {}') }, ['done']],
    ['failed as it had to', { job: faulty, ...failed('source-not-compilable') }, ['done']],
    ['two jobs for one key', { jobIds: ['j1', 'j2'] }, ['duplicated']],
    [
      'ended twice',
      { ledger: { endings: ['succeeded', 'succeeded'], effects: 2 } },
      ['duplicated', 'duplicated'],
    ],
    ['its effect twice', { ledger: { endings: ['succeeded'], effects: 2 } }, ['duplicated']],
    ['unknown to the API', { told: null }, ['gone']],
    ['unknown to the ledger', { ledger: null }, ['gone']],
    ['another job in its place', { jobIds: ['j2'] }, ['gone']],
    ['under way for ever', { told: { ...told, state: 'running' } }, ['stuck']],
    ['waiting for a worker for ever', { told: { ...told, state: 'queued' } }, ['stuck']],
    ['told to have ended, and did not', { ledger: { endings: [], effects: 1 } }, ['untrue']],
    ['told otherwise than it ended', { ledger: { endings: ['failed'], effects: 1 } }, ['untrue']],
    ['succeeded without a trace', { ledger: { endings: ['succeeded'], effects: 0 } }, ['untrue']],
    [
      'succeeded with an empty build',
      { told: { ...told, result: { ...good, build: { status: 'succeeded', artifacts: [] } } } },
      ['untrue'],
    ],
    [
      'succeeded with a pending build',
      { told: { ...told, result: { ...good, build: { ...good.build, status: 'pending' } } } },
      ['untrue'],
    ],
    ['generated for somebody else', { told: generation('contract Mark2 {}') }, ['untrue']],
    ['failed for no reason of its own', failed('job-crashed'), ['lost']],
    ['failed otherwise than it had to', { job: faulty, ...failed('job-poisoned') }, ['lost']],
    ['succeeded though it had to fail', { job: faulty }, ['lost']],
    ['an event missing', { events: log.filter(({ seq }) => seq !== 2) }, ['gap']],
    ['its last event missing', { events: log.slice(0, 2) }, ['gap']],
    ['an event twice', { events: [...log, { seq: 3, type: 'succeeded' }] }, ['gap']],
    ['two events that end it', { events: [...log.slice(1), { seq: 4, type: 'failed' }] }, ['gap']],
    [
      'an event behind its end',
      { told: { ...told, seq: 4 }, events: [...log, { seq: 4, type: 'progress' }] },
      ['gap'],
    ],
  ];
  test.each(cases)('%s', (_title, change, kinds) => {
    const findings = judgeJob({ ...facts, ...change });
    expect(findings.map(({ kind }) => kind)).toEqual(kinds);
    for (const { kind, text } of findings) {
      if (kind === 'done') expect(text).toBeUndefined();
      else expect(text).toContain('Mark1 (j1)');
    }
  });
});
