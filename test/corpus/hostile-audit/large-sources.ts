import { limits } from '../../../src/lib/limits.ts';
import { faulty, finding, type HostileAudit, header } from './case.ts';

const filled = (bytes: number) => {
  const text = `${header}contract A { ${faulty} }\n/**/`;
  return { 'A.sol': text.replace('/**/', `/*${'x'.repeat(bytes - text.length)}*/`) };
};

export const largeSources: HostileAudit = {
  name: 'large-sources',
  why: 'Sources of megabytes, at the edge of what is taken and beyond it.',
  inputs: [
    {
      name: 'as many bytes as are taken',
      sources: () => filled(limits.sourcesBytesMax),
      answer: { status: ['findings'], finds: [finding] },
    },
    {
      name: 'one byte more',
      sources: () => filled(limits.sourcesBytesMax + 1),
      answer: { refused: 'sources-too-large' },
    },
    { name: '10 MB', sources: () => filled(10_000_000), answer: { refused: 'sources-too-large' } },
    {
      name: '3,000 functions',
      sources: () => ({
        'A.sol': `${header}contract A {\n  mapping(uint => uint) x;\n${Array.from({ length: 3_000 }, (_, at) => `  function f${at}(uint a) external { if (x[a] == ${at}) { x[a] += ${at}; } }`).join('\n')}\n  ${faulty}\n}`,
      }),
      answer: { status: ['findings', 'partial'], finds: [finding] },
    },
  ],
};
