import { faulty, finding, type HostileAudit, header } from './case.ts';

const nested = (depth: number, open: string, inside: string, close: string) =>
  open.repeat(depth) + inside + close.repeat(depth);
const inFunction = (text: string) => ({
  'A.sol': `${header}contract A {\n  uint x;\n  function f(uint a) external { ${text} }\n  ${faulty}\n}`,
});
const found = { status: ['findings'], finds: [finding] } as const;
/** The compiler refuses it, and everything but that function is looked at. */
const foundBeside = { status: ['partial'], finds: [finding], problem: /the body of function f/ } as const;

export const deepNesting: HostileAudit = {
  name: 'deep-nesting',
  why: 'What reads a tree calls itself, so that a tree may take its stack away.',
  inputs: [
    {
      name: '200 parentheses',
      sources: () => inFunction(`x = ${nested(200, '(', 'a', ')')};`),
      answer: found,
    },
    { name: '200 blocks', sources: () => inFunction(nested(200, '{', 'x = a;', '}')), answer: found },
    { name: '200 ifs', sources: () => inFunction(`${'if (a == 0) '.repeat(200)} x = 1;`), answer: found },
    {
      name: '20,000 parentheses',
      sources: () => inFunction(`x = ${nested(20_000, '(', 'a', ')')};`),
      answer: foundBeside,
    },
    {
      name: '20,000 blocks',
      sources: () => inFunction(nested(20_000, '{', 'x = a;', '}')),
      answer: foundBeside,
    },
  ],
};
