import { expect, test } from 'vitest';
import { readRemappingsTxt } from './read-remappings-txt.ts';
import { refusal } from './test-support.ts';

test('one a line, in the form in which Foundry hands them on', () => {
  const text =
    '# comment\n// another\n\n@oz=lib/oz/contracts\r\n  forge-std/=./lib/forge-std/src/  \nlib/a:b/=lib/c\nA.sol=lib/A.sol\n@x/=../../node_modules/@x\n@/=./';
  expect(readRemappingsTxt(text, 'remappings.txt')).toEqual([
    '@oz/=lib/oz/contracts/',
    'forge-std/=lib/forge-std/src/',
    'lib/a:b/=lib/c/',
    'A.sol=lib/A.sol',
    '@x/=node_modules/@x/',
    '@/=',
  ]);
});

test.each(['nonsense', '=lib/', 'a='])('%j is refused with its line', async (line) => {
  expect(await refusal(() => readRemappingsTxt(`a/=b/\n\n${line}`, 'remappings.txt'))).toBe(
    `project-config-invalid at remappings.txt:3: remappings.txt:3: "${line}" is not of the form [context:]prefix=target.`,
  );
});
