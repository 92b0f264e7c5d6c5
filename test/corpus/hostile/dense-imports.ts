import { type HostileCase, header, lines, succeeded } from './case.ts';

const count = 200;

export const denseImports: HostileCase = {
  name: 'dense-imports',
  why: `Every one of ${count} files imports every other one: ${count * (count - 1)} imports in a few megabytes.`,
  inputs: [
    {
      body: () => ({
        sources: Object.fromEntries(
          Array.from({ length: count }, (_, own) => [
            `${own}.sol`,
            `${header}${lines(count, (other) => (other === own ? '' : `import "./${other}.sol";`))}`,
          ]),
        ),
      }),
      answer: succeeded(),
    },
  ],
};
