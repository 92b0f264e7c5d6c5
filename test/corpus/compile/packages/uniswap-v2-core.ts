import type { CorpusPackage } from '../corpus-package.ts';

export const uniswapV2Core: CorpusPackage = {
  name: 'uniswap-v2-core',
  package: '@uniswap/v2-core',
  version: '1.0.1',
  source: 'the metadata in build/*.json of the package: 0.5.16, 999,999 runs, istanbul',
  sources: { contracts: 'contracts' },
  groups: [
    {
      compilers: ['0.5.16'],
      settings: { optimizer: { enabled: true, runs: 999_999 }, evmVersion: 'istanbul' },
    },
  ],
  artifacts: { folder: 'build', form: 'waffle' },
};
