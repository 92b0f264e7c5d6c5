import { expect, test } from 'vitest';
import { AppError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import { zipOf } from '../../solidity/project/test-support.ts';
import { validate } from '../validate.ts';
import { compileBodySchema, toCompileRequest } from './compile-body.ts';

const sources = { 'A.sol': 'contract A {}' };
const standardJson = { language: 'Solidity', sources: { 'A.sol': { content: 'contract A {}' } } };
const archive = (files: Record<string, string>) => Buffer.from(zipOf(files)).toString('base64');
const project = archive({
  'src/A.sol': 'contract A {}',
  'foundry.toml': '[profile.default]\n[profile.ir]\nvia_ir = true',
});

async function request(body: unknown) {
  const [parsed] = validate([{ prefix: '', schema: compileBodySchema, value: body }]);
  return toCompileRequest(parsed as Parameters<typeof toCompileRequest>[0]);
}

/** Code, pointers, and the place of a refusal. */
async function refused(body: unknown) {
  try {
    await request(body);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, pointers: error.issues.map(({ pointer }) => pointer), place: error.place };
  }
  return undefined;
}

test('each of the three forms becomes a request', async () => {
  const wanted = { contract: 'A', compiler: '0.8.24' };
  expect(await request({ sources, ...wanted, settings: { viaIR: true } })).toEqual({
    sources,
    ...wanted,
    settings: { viaIR: true },
  });
  expect(await request({ standardJson, ...wanted })).toEqual({
    sources,
    ...wanted,
    settings: { optimizer: { enabled: false, runs: 200 } },
  });
  expect(
    await request({ archive: project, ...wanted, profile: 'ir', settings: { evmVersion: 'paris' } }),
  ).toMatchObject({
    sources: { 'src/A.sol': 'contract A {}' },
    entry: 'src/A.sol',
    ...wanted,
    settings: { viaIR: true, evmVersion: 'paris', optimizer: { enabled: false, runs: 200 } },
  });
});

test.each([
  [{}, ['/sources']],
  [{ sources, archive: project }, ['/archive']],
  [{ standardJson, archive: project, sources }, ['/standardJson']],
  [{ sources, profile: 'ir' }, ['/profile']],
  [{ standardJson, tests: true }, ['/tests']],
  [{ standardJson, settings: {} }, ['/settings']],
  [{ archive: 'no base64!' }, ['/archive']],
  [{ archive: 'AAA=AAAA' }, ['/archive']],
  [{ archive: '' }, ['/archive']],
  [{ archive: 5 }, ['/archive']],
  [{ standardJson: 'text' }, ['/standardJson']],
])('%j is refused at %j', async (body, pointers) => {
  expect(await refused(body)).toMatchObject({ code: 'validation-failed', pointers });
});

test('what is wrong inside points at the field, and at the place inside', async () => {
  expect(await refused({ archive: 'AAAA' })).toEqual({
    code: 'archive-kind-unknown',
    pointers: ['/archive'],
    place: { pointer: '/archive' },
  });
  const bad = archive({ 'foundry.toml': '[profile.default]\nsrc = 1', 'src/A.sol': '' });
  expect(await refused({ archive: bad })).toEqual({
    code: 'project-config-invalid',
    pointers: ['/archive'],
    place: { file: 'foundry.toml', line: 2, pointer: '/archive' },
  });
  expect(await refused({ standardJson: { ...standardJson, settings: { modelChecker: {} } } })).toMatchObject({
    code: 'standard-json-invalid',
    pointers: ['/standardJson/settings/modelChecker'],
  });
  const outside = { ...standardJson, sources: { '../A.sol': { content: '' } } };
  expect(await refused({ standardJson: outside })).toMatchObject({
    code: 'source-path-invalid',
    place: { pointer: '/standardJson/sources/..~1A.sol' },
  });
});

test('an archive’s text: wrapped lines are taken, and the longest is as long as the bytes that are read', async () => {
  expect(await request({ archive: `${project.replace(/(.{76})/g, '$1\r\n')}\n` })).toHaveProperty('sources');
  const longest = Buffer.alloc(limits.archiveBytesMax).toString('base64');
  // With what stands around it, it fits into the body.
  expect(JSON.stringify({ archive: longest, contract: 'x'.repeat(200) }).length).toBeLessThan(
    limits.sourceBodyBytesMax,
  );
  expect(await refused({ archive: longest })).toMatchObject({ code: 'project-empty' });
  expect(
    await refused({ archive: Buffer.alloc(limits.archiveBytesMax + 1).toString('base64') }),
  ).toMatchObject({ code: 'archive-too-large' });
  expect(await refused({ archive: `${longest}AAAAAAAA` })).toMatchObject({
    code: 'validation-failed',
    pointers: ['/archive'],
  });
});

test('a text that is meant to keep the check busy', async () => {
  expect(await refused({ archive: `${'\n'.repeat(4_000_000)}!` })).toMatchObject({
    code: 'validation-failed',
  });
  expect(await refused({ archive: `A${'='.repeat(4_000_000)}A` })).toMatchObject({
    code: 'validation-failed',
  });
}, 10_000);
