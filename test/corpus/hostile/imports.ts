import { type HostileCase, header, oneFile, refused } from './case.ts';

const invalid = refused(422, 'import-invalid');
const missing = refused(422, 'import-not-found');
const imports: [path: string, answer: typeof invalid][] = [
  ['../A.sol', invalid],
  ['./../../../../etc/passwd', invalid],
  ['/etc/passwd', invalid],
  ['C:/A.sol', invalid],
  ['.\\A.sol', invalid],
  ['https://example.org/A.sol', invalid],
  ['@openzeppelin/contracts/../../package.json', invalid],
  ['@openzeppelin/contracts/package.json', missing],
  ['@openzeppelin/contracts/__proto__', invalid],
  ['constructor', missing],
  ['toString', missing],
  ['', invalid],
  [`./${'x'.repeat(100_000)}.sol`, invalid],
];

export const badImports: HostileCase = {
  name: 'imports',
  why: 'An import that asks for a file of the machine, of the network or of a library that is none of its sources.',
  inputs: imports.map(([path, answer]) => ({
    name: JSON.stringify(path.slice(0, 40)),
    body: () => oneFile(`${header}import "${path.replaceAll('\\', '\\\\')}";\ncontract A {}`),
    answer,
  })),
};
