import { expect, test } from 'vitest';
import { prepareCompile } from './prepare.ts';
import { prepareStored } from './prepare-stored.ts';

const prepared = prepareCompile({
  sources: {
    'b/B.sol':
      'pragma solidity ^0.8.0;\nimport "@openzeppelin/contracts/utils/Context.sol";\ncontract B is Context {}',
    'A.sol': 'pragma solidity ^0.8.0;\nimport "./b/B.sol";\ncontract A is B {}',
  },
  contract: 'A',
});
const { contract = null, ...kept } = prepared;
const stored = { ...kept, contract };

test('what was stored is ready again, the same as it was', () => {
  const { libraries: _, ...same } = prepareStored(structuredClone(stored));
  const { libraries: __, ...before } = prepared;
  expect(same).toEqual(before);
  expect(prepareStored({ ...stored, contract: null })).not.toHaveProperty('contract');
});

test.each(['^0.8.0', '0.8', 'v0.8.37', '0.8.37+commit.0', ''])('"%s" is no exact compiler', (compiler) => {
  expect(() => prepareStored({ ...stored, compiler })).toThrow(
    expect.objectContaining({ code: 'stored-input-invalid' }),
  );
});

test('a file that is missing is named', () => {
  const { 'b/B.sol': _, ...sources } = stored.input.sources;
  expect(() => prepareStored({ ...stored, input: { ...stored.input, sources } })).toThrow(
    /no file b\/B\.sol/,
  );
});
