import type { CorpusPackage } from '../corpus-package.ts';

export const solmate: CorpusPackage = {
  name: 'solmate',
  package: 'solmate',
  version: '6.8.0',
  source: 'foundry.toml of the repository: 0.8.15, 1,000,000 runs, bytecode_hash none',
  sources: { src: 'src' },
  remappings: ['ds-test/=lib/ds-test/src/'],
  // A submodule, which the npm package leaves out; Uniswap v4-core ships Solmate with it.
  dependencies: { 'lib/ds-test/': '@uniswap/v4-core/lib/solmate/lib/ds-test/' },
  groups: [
    {
      compilers: ['0.8.15'],
      settings: { optimizer: { enabled: true, runs: 1_000_000 }, metadata: { bytecodeHash: 'none' } },
    },
  ],
};
