import type { CorpusPackage } from '../corpus-package.ts';

export const safeSmartAccount: CorpusPackage = {
  name: 'safe-smart-account',
  package: '@safe-global/safe-smart-account',
  version: '1.5.0',
  source: 'build/artifacts/build-info of the package: 0.7.6, optimizer off',
  sources: { contracts: 'contracts' },
  // What the tests use is a development dependency, which npm does not bring: `package.json` here names it.
  dependencies: { '@openzeppelin/contracts/': 'openzeppelin-contracts-3.4/' },
  groups: [{ compilers: ['0.7.6'], settings: { optimizer: { enabled: false, runs: 200 } } }],
  artifacts: { folder: 'build/artifacts', form: 'hardhat' },
};
