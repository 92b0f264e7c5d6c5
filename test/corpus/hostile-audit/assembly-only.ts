import { type HostileAudit, header } from './case.ts';

export const assemblyOnly: HostileAudit = {
  name: 'assembly-only',
  why: 'A contract in which every function is one block of assembly, so that there is no statement to read.',
  inputs: [
    {
      name: 'a proxy',
      sources: () => ({
        'A.sol': `${header}contract A {
  fallback() external payable { assembly {
    calldatacopy(0, 0, calldatasize())
    let ok := delegatecall(gas(), sload(0), 0, calldatasize(), 0, 0)
    returndatacopy(0, 0, returndatasize())
    switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
  } }
  function kill(address to) external { assembly { selfdestruct(to) } }
}`,
      }),
      answer: { status: ['findings'], finds: ['unprotected-selfdestruct'] },
    },
    {
      name: 'a switch of 2,000 cases and 300 nested blocks',
      sources: () => ({
        'A.sol': `${header}contract A { function f(uint a) external pure returns (uint r) { assembly {
          switch a ${Array.from({ length: 2_000 }, (_, at) => `case ${at} { r := ${at} }`).join('\n')}
          ${'{'.repeat(300)} r := add(r, 1) ${'}'.repeat(300)}
        } } }`,
      }),
      answer: { status: ['passed', 'findings'] },
    },
  ],
};
