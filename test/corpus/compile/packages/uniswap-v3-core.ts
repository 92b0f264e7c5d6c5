import type { CorpusPackage } from '../corpus-package.ts';

export const uniswapV3Core: CorpusPackage = {
  name: 'uniswap-v3-core',
  package: '@uniswap/v3-core',
  version: '1.0.1',
  source: 'hardhat.config.ts of the repository: 0.7.6, 800 runs, bytecodeHash none',
  sources: { contracts: 'contracts' },
  groups: [
    {
      compilers: ['0.7.6'],
      settings: { optimizer: { enabled: true, runs: 800 }, metadata: { bytecodeHash: 'none' } },
    },
  ],
  artifacts: { folder: 'artifacts', form: 'hardhat' },
  explained: [
    {
      of: 'no source',
      at: /^contracts\/UniswapV3(Factory|Pool)\.sol/,
      says: /not its source/,
      reason:
        'the package lists only interfaces and libraries among its files, but ships the code of these two',
    },
  ],
};
