import type { CorpusPackage, PublishedSettings } from '../corpus-package.ts';

const settings = (runs: number, more: PublishedSettings = {}): PublishedSettings => ({
  optimizer: { enabled: true, runs },
  metadata: { bytecodeHash: 'none' },
  ...more,
});
const folder = (name: string) => `src/v0.8/${name}/`;

export const chainlink: CorpusPackage = {
  name: 'chainlink',
  package: '@chainlink/contracts',
  version: '1.5.0',
  source: 'foundry.toml and remappings.txt of the package: a profile for each product',
  sources: { 'src/v0.8': 'src/v0.8' },
  remappings: [
    'forge-std/=src/v0.8/vendor/forge-std/src/',
    '@openzeppelin/contracts@4.7.3=node_modules/@openzeppelin/contracts-4.7.3',
    '@openzeppelin/contracts@4.8.3=node_modules/@openzeppelin/contracts-4.8.3',
    '@openzeppelin/contracts@4.9.6=node_modules/@openzeppelin/contracts-4.9.6',
    '@openzeppelin/contracts@5.0.2=node_modules/@openzeppelin/contracts-5.0.2',
    '@openzeppelin/contracts@5.1.0=node_modules/@openzeppelin/contracts-5.1.0',
    '@openzeppelin/contracts-upgradeable/=node_modules/@openzeppelin/contracts-upgradeable/',
    '@arbitrum/=node_modules/@arbitrum/',
    'hardhat/=node_modules/hardhat/',
    '@eth-optimism/=node_modules/@eth-optimism/',
    '@scroll-tech/=node_modules/@scroll-tech/',
    '@zksync/=node_modules/@zksync/',
  ],
  dependencies: { 'node_modules/': '' },
  // What its package.json means to leave out, and npm packs nevertheless; mocks and helpers are meant to be there.
  tests: /\/(test|tests)\/(?!.*(mocks|helpers|testhelpers)\/)/,
  groups: [
    {
      files: [folder('functions')],
      compilers: ['0.8.19'],
      settings: settings(1_000_000, { evmVersion: 'paris' }),
    },
    { files: [folder('vrf')], compilers: ['0.8.19', '0.8.6'], settings: settings(1_000) },
    { files: [folder('automation')], compilers: ['0.8.19', '0.8.16'], settings: settings(10_000) },
    { files: [folder('l2ep')], compilers: ['0.8.24'], settings: settings(1_000_000) },
    { files: [folder('llo-feeds')], compilers: ['0.8.19'], settings: settings(1_000_000) },
    {
      files: [folder('keystone')],
      compilers: ['0.8.24'],
      settings: settings(1_000_000, { evmVersion: 'paris' }),
    },
    { files: [folder('operatorforwarder')], compilers: ['0.8.19'], settings: settings(1_000_000) },
    {
      files: [folder('workflow/v1')],
      compilers: ['0.8.24'],
      settings: settings(1_000_000, { viaIR: true, evmVersion: 'paris' }),
    },
    {
      files: [folder('workflow')],
      compilers: ['0.8.26'],
      settings: settings(1_000, { viaIR: true, evmVersion: 'paris' }),
    },
    {
      files: [folder('data-feeds')],
      compilers: ['0.8.26'],
      settings: settings(10_000, { evmVersion: 'paris' }),
    },
    {
      files: [folder('shared')],
      compilers: ['0.8.26'],
      settings: settings(1_000_000, { evmVersion: 'paris' }),
    },
    { compilers: ['0.8.26', '0.8.24', '0.8.19', '0.8.16', '0.8.6'], settings: settings(1_000_000) },
  ],
  explained: [
    {
      of: 'failure',
      at: /\/zksync\//,
      says: /imports @zksync\/contracts\//,
      reason: 'the package depends on a commit of a GitHub repository there, which is in no npm package',
    },
  ],
};
