import type { CorpusPackage } from '../corpus-package.ts';

export const openzeppelinUpgradeable49: CorpusPackage = {
  name: 'openzeppelin-upgradeable-4.9',
  package: 'openzeppelin-contracts-upgradeable-4.9',
  version: '4.9.6',
  source: 'hardhat.config.js of the repository in 4.9 (0.8.13, 200 runs, optimizer on when packed)',
  sources: { '': 'contracts' },
  groups: [{ compilers: ['0.8.13'], settings: { optimizer: { enabled: true, runs: 200 } } }],
  artifacts: { folder: 'build/contracts', form: 'hardhat' },
};
