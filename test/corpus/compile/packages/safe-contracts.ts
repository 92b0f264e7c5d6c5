import type { CorpusPackage } from '../corpus-package.ts';

export const safeContracts: CorpusPackage = {
  name: 'safe-contracts',
  package: '@safe-global/safe-contracts',
  version: '1.4.1',
  source: 'build/artifacts/build-info of the package: 0.7.6 and 0.6.12, optimizer off',
  sources: { contracts: 'contracts' },
  // What the tests use is a development dependency, which npm does not bring: `package.json` here names it.
  dependencies: { '@openzeppelin/contracts/': 'openzeppelin-contracts-3.4/' },
  groups: [{ compilers: ['0.7.6', '0.6.12'], settings: { optimizer: { enabled: false, runs: 200 } } }],
  artifacts: { folder: 'build/artifacts', form: 'hardhat' },
};
