import { type HostileCase, header, refused, succeeded } from './case.ts';

const files = (count: number) => ({
  sources: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`src/F${index}.sol`, `${header}interface F${index} {}`]),
  ),
});

export const manyFiles: HostileCase = {
  name: 'many-files',
  why: 'Each file costs a look at its imports, a row, and an entry in every list.',
  inputs: [
    { name: '5,000', body: () => files(5_000), answer: refused(422, 'validation-failed', '/sources') },
    { name: '1,000', body: () => files(1_000), answer: succeeded() },
  ],
};
