import type { CorpusPackage } from '../corpus-package.ts';

export const aaveV3Core: CorpusPackage = {
  name: 'aave-v3-core',
  package: '@aave/core-v3',
  version: '1.19.3',
  source: 'artifacts/build-info of the package: 0.8.10, 100,000 runs, london',
  sources: { contracts: 'contracts' },
  groups: [
    {
      compilers: ['0.8.10'],
      settings: { optimizer: { enabled: true, runs: 100_000 }, evmVersion: 'london' },
    },
  ],
  artifacts: { folder: 'artifacts/contracts', form: 'hardhat' },
};
