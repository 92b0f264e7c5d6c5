import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function collect(human = false) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', human, target: { write: (line) => lines.push(line) } });
  return { log, lines };
}

test('writes one JSON object a line', () => {
  const { log, lines } = collect();
  log.child({ requestId: 'r1' }).info({ job: 'j1', tokenName: 'GameCoin', wei: 10n ** 25n }, 'job done');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    msg: 'job done',
    requestId: 'r1',
    job: 'j1',
    tokenName: 'GameCoin',
    wei: '10000000000000000000000000',
  });
});

test('no secret passes, by name, by shape, in messages, in errors and their causes', () => {
  const { log, lines } = collect();
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.hunter2hunter2';
  log.info(
    { user: { password: 'hunter2', refreshToken: 'hunter2' }, headers: { authorization: 'hunter2' } },
    'a',
  );
  log.info({ list: [{ privateKey: 'hunter2' }], SLIPWAY_KEY_ENCRYPTION_KEY: 'hunter2' }, 'b');
  log.warn(`cannot reach postgres://slipway:hunter2@db/x with slip_local_abc_hunter2 and ${jwt}`);
  log.error({ url: 'https://eth.example/v2/hunter2hunter2hunter2?api_key=hunter2' }, 'c');
  log.error({ err: new Error('Bearer hunter2hunter2', { cause: new Error('redis://:hunter2@host') }) }, 'd');
  log.error(new Error('postgres://u:hunter2@h'));
  log.child({ password: 'hunter2' }).info('e');
  expect(lines).toHaveLength(7);
  expect(lines.join('')).not.toContain('hunter2');
  expect(lines[2]).toContain('postgres://slipway:[secret]@db/x');
});

test('writes short lines for people', () => {
  const { log, lines } = collect(true);
  log.info({ port: 4280, url: 'http://127.0.0.1:4280', detail: 'two words' }, 'listening');
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d info {2}listening {2}port=4280 {2}url=http:\/\/127\.0\.0\.1:4280 {2}detail="two words"\n$/,
  );
  log.error({ err: new Error('broken') }, 'it failed');
  expect(lines[1]).toMatch(/error it failed\nError: broken\n\s+at /);
});
