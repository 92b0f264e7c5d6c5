import { describe, expect, test } from 'vitest';
import { AppError } from '../../lib/app-error.ts';
import { prepareCompile } from '../prepare.ts';
import { readStandardJson } from './read-standard-json.ts';

const sources = { 'A.sol': { content: 'pragma solidity ^0.8.0; contract A {}' } };
const settings = {
  remappings: ['@x/=lib/x/'],
  optimizer: { enabled: true, runs: 1, details: { yul: true, yulDetails: { optimizerSteps: 'u' } } },
  viaIR: true,
  evmVersion: 'paris',
  metadata: { useLiteralContent: true, bytecodeHash: 'none', appendCBOR: false },
  libraries: { 'A.sol': { L: '0x00000000000000000000000000000000000000aa' } },
  debug: { revertStrings: 'strip' },
} as const;

function refused(input: unknown) {
  try {
    readStandardJson(input);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      code: error.code,
      issues: error.issues.map(({ pointer, code }) => [pointer, code]),
      hint: error.hint,
    };
  }
  return undefined;
}

test('every setting comes out of the other end as it went in', () => {
  const given = {
    language: 'Solidity',
    sources: { 'A.sol': { ...sources['A.sol'], keccak256: '0x00' } },
    settings: { ...settings, outputSelection: { '*': { '*': ['*'] } }, stopAfter: 'parsing' },
  };
  const request = readStandardJson(given);
  expect(request).toEqual({ sources: { 'A.sol': sources['A.sol'].content }, settings });
  expect(prepareCompile(request).input).toEqual({ language: 'Solidity', sources, settings });
});

test('what is not mentioned is what the compiler makes of it: the optimizer is off', () => {
  const { settings: read } = readStandardJson({ language: 'Solidity', sources });
  expect(read).toEqual({ optimizer: { enabled: false, runs: 200 } });
  expect(
    readStandardJson({ language: 'Solidity', sources, settings: { optimizer: { runs: 7 } } }).settings,
  ).toEqual({
    optimizer: { enabled: false, runs: 7 },
  });
});

test('what Foundry writes beside it', () => {
  const input = {
    language: 'Solidity',
    sources,
    version: '0.8.24',
    allowPaths: ['/x'],
    basePath: '/x',
    includePaths: [],
  };
  expect(readStandardJson(input).compiler).toBe('0.8.24');
  const debug = { debugInfo: ['location'] };
  expect(
    readStandardJson({ language: 'Solidity', sources, settings: { debug } }).settings,
  ).not.toHaveProperty('debug');
});

describe('what is refused points at its field', () => {
  test.each([
    [undefined, '', 'invalid-type'],
    [[], '', 'invalid-type'],
    [{ sources }, '/language', 'required'],
    [{ language: 'Yul', sources }, '/language', 'invalid-value'],
    [{ language: 'Vyper', sources }, '/language', 'invalid-value'],
    [{ language: 'Solidity' }, '/sources', 'required'],
    [{ language: 'Solidity', sources: { 'a/~A.sol': {} } }, '/sources/a~1~0A.sol/content', 'required'],
    [
      { language: 'Solidity', sources: { 'A.sol': { content: 1 } } },
      '/sources/A.sol/content',
      'invalid-type',
    ],
    [
      { language: 'Solidity', sources: { 'A.sol': { urls: ['https://x'] } } },
      '/sources/A.sol/urls',
      'urls-refused',
    ],
    [{ language: 'Solidity', sources, auxiliaryInput: {} }, '/auxiliaryInput', 'unknown-field'],
    [
      { language: 'Solidity', sources, settings: { modelChecker: {} } },
      '/settings/modelChecker',
      'unknown-field',
    ],
    [
      { language: 'Solidity', sources, settings: { optimizer: { runs: -1 } } },
      '/settings/optimizer/runs',
      'too-small',
    ],
    [
      { language: 'Solidity', sources, settings: { optimizer: { details: { x: 1 } } } },
      '/settings/optimizer/details/x',
      'unknown-field',
    ],
    [
      { language: 'Solidity', sources, settings: { metadata: { bytecodeHash: 'sha' } } },
      '/settings/metadata/bytecodeHash',
      'invalid-value',
    ],
  ])('%j', (input, pointer, code) => {
    expect(refused(input)).toMatchObject({ code: 'standard-json-invalid', issues: [[pointer, code]] });
  });

  test('a source by its address says that nothing is fetched', () => {
    expect(refused({ language: 'Solidity', sources: { 'A.sol': { urls: ['ipfs://x'] } } })?.hint).toContain(
      'Nothing is fetched',
    );
  });

  test('paths that leave the sources, and none at all', () => {
    const path = refused({ language: 'Solidity', sources: { '../A.sol': { content: '' } } });
    expect(path?.code).toBe('source-path-invalid');
    expect(refused({ language: 'Solidity', sources: {} })?.code).toBe('sources-empty');
  });
});
