import type { CorpusPackage } from '../corpus-package.ts';

export const uniswapV4Core: CorpusPackage = {
  name: 'uniswap-v4-core',
  package: '@uniswap/v4-core',
  version: '1.0.2',
  source:
    'foundry.toml and remappings.txt of the package: 0.8.26, viaIR, 44,444,444 runs, cancun, bytecode_hash none',
  sources: { src: 'src', test: 'test' },
  remappings: [
    '@ensdomains/=node_modules/@ensdomains/',
    '@openzeppelin/=lib/openzeppelin-contracts/',
    'ds-test/=lib/forge-std/lib/ds-test/src/',
    'erc4626-tests/=lib/openzeppelin-contracts/lib/erc4626-tests/',
    'forge-std/=lib/forge-std/src/',
    'hardhat/=node_modules/hardhat/',
    'openzeppelin-contracts/=lib/openzeppelin-contracts/',
    'solmate/=lib/solmate/',
  ],
  dependencies: { 'lib/': '@uniswap/v4-core/lib/' },
  // With --tests: 26 minutes of processor time at these settings, and more than a compile may take.
  tests: /^test\//,
  groups: [
    {
      compilers: ['0.8.26'],
      settings: {
        optimizer: { enabled: true, runs: 44_444_444 },
        viaIR: true,
        evmVersion: 'cancun',
        metadata: { bytecodeHash: 'none' },
      },
    },
  ],
  artifacts: { folder: 'out', form: 'foundry' },
};
