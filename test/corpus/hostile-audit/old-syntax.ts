import type { HostileAudit } from './case.ts';

const old = (pragma: string) => `pragma solidity ${pragma};
contract Old {
  address owner;
  function Old() { owner = msg.sender; }
  function kill(address to) { suicide(to); }
  function pay(address to) { if (!to.send(1)) throw; var x = 1; x += sha3(to) == 0 ? 1 : 2; }
  function() payable {}
}`;

export const oldSyntax: HostileAudit = {
  name: 'old-syntax',
  why: 'What compilers of 2017 took: functions named as their contract, throw, var, suicide, no visibility.',
  inputs: [
    {
      name: 'by a compiler that takes it',
      sources: () => ({ 'Old.sol': old('^0.4.11') }),
      answer: { status: ['findings'], finds: ['unprotected-selfdestruct'] },
    },
    {
      name: 'of a compiler that is not at hand: another of its series reads it',
      sources: () => ({ 'Old.sol': old('0.4.6') }),
      answer: { status: ['partial'], finds: ['unprotected-selfdestruct'], problem: /the pragma 0\.4\.6/ },
    },
    {
      name: 'of a compiler that there is not',
      sources: () => ({ 'Old.sol': old('0.3.6') }),
      answer: { refused: 'pragma-unsatisfied' },
    },
    {
      name: 'by a compiler that no longer takes it: what can be read is read',
      sources: () => ({
        'Old.sol': old('^0.8.20').replace(
          'function() payable {}',
          'function leak(address payable to) external { selfdestruct(to); }',
        ),
      }),
      answer: { status: ['partial'], finds: ['unprotected-selfdestruct'], problem: /left out/ },
    },
  ],
};
