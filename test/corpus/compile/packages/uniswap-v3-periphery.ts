import type { CorpusPackage, PublishedSettings } from '../corpus-package.ts';

const settings = (runs: number): PublishedSettings => ({
  evmVersion: 'istanbul',
  optimizer: { enabled: true, runs },
  metadata: { bytecodeHash: 'none' },
});

export const uniswapV3Periphery: CorpusPackage = {
  name: 'uniswap-v3-periphery',
  package: '@uniswap/v3-periphery',
  version: '1.4.4',
  source:
    'hardhat.config.ts of the repository: 0.7.6, istanbul, 1,000,000 runs, NFTDescriptor 1,000, bytecodeHash none',
  sources: { contracts: 'contracts' },
  groups: [
    { files: ['contracts/libraries/NFTDescriptor.sol'], compilers: ['0.7.6'], settings: settings(1_000) },
    { compilers: ['0.7.6'], settings: settings(1_000_000) },
  ],
  artifacts: { folder: 'artifacts', form: 'hardhat' },
  explained: [
    {
      of: 'no source',
      at: /^contracts\/(\w+\.sol|lens\/|examples\/)/,
      says: /not its source/,
      reason:
        'the package lists only base, interfaces and libraries among its sources, but ships the code of all',
    },
  ],
};
