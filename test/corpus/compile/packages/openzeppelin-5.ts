import type { CorpusPackage } from '../corpus-package.ts';

export const openzeppelin5: CorpusPackage = {
  name: 'openzeppelin-5',
  package: '@openzeppelin/contracts',
  version: '5.7.0',
  source:
    'hardhat.config of the repository (optimizer on, 200 runs); the compiler is named in the shipped code itself',
  sources: { '': 'contracts' },
  groups: [
    { compilers: ['0.8.35'], settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'osaka' } },
  ],
  artifacts: { folder: 'build/contracts', form: 'hardhat' },
};
