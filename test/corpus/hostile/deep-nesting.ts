import { type HostileCase, header, notCompilable, oneFile } from './case.ts';

const depth = 100_000;
const nested = (open: string, inside: string, close: string) =>
  open.repeat(depth) + inside + close.repeat(depth);
const inFunction = (text: string) => oneFile(`${header}contract A { function f(uint a) public { ${text} } }`);
const tooDeep = notCompilable('7319');

export const deepNesting: HostileCase = {
  name: 'deep-nesting',
  why: `A parser that calls itself runs out of stack: everything that nests, ${depth} deep.`,
  inputs: [
    { name: 'parentheses', body: () => inFunction(`a = ${nested('(', '1', ')')};`), answer: tooDeep },
    { name: 'blocks', body: () => inFunction(nested('{', '', '}')), answer: tooDeep },
    { name: 'ifs', body: () => inFunction(`${'if (a == 0) '.repeat(depth)} a = 1;`), answer: tooDeep },
    { name: 'negations', body: () => inFunction(`a = ${'~'.repeat(depth)} a;`), answer: tooDeep },
    { name: 'array literals', body: () => inFunction(`${nested('[', '1', ']')};`), answer: tooDeep },
    {
      name: 'mappings',
      body: () => oneFile(`${header}contract A { ${nested('mapping(uint => ', 'uint', ')')} m; }`),
      answer: tooDeep,
    },
    {
      name: 'assembly blocks',
      body: () => inFunction(`assembly { ${nested('{', '', '}')} }`),
      answer: tooDeep,
    },
  ],
};
