import type { CorpusPackage, PublishedSettings } from '../corpus-package.ts';

const settings = (evmVersion: string): PublishedSettings => ({
  optimizer: { enabled: true, runs: 1_000 },
  evmVersion,
});

export const solady: CorpusPackage = {
  name: 'solady',
  package: 'solady',
  version: '0.1.26',
  source:
    'foundry.toml of the repository: 0.8.30, 1,000 runs, paris, and later ones for what is skipped there',
  sources: { src: 'src' },
  groups: [
    {
      files: [
        'src/accounts/EIP7702Proxy.sol',
        'src/accounts/LibEIP7702.sol',
        'src/utils/LibTransient.sol',
        'src/utils/g/LibTransient.sol',
        'src/utils/ReentrancyGuardTransient.sol',
        'src/utils/ext/zksync/',
        'src/tokens/ext/zksync/',
      ],
      compilers: ['0.8.30'],
      settings: settings('cancun'),
    },
    { files: ['src/utils/ext/ithaca/'], compilers: ['0.8.30'], settings: settings('prague') },
    { compilers: ['0.8.30'], settings: settings('paris') },
  ],
};
