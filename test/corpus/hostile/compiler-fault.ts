import { type HostileCase, notCompilable } from './case.ts';

export const compilerFault: HostileCase = {
  name: 'compiler-fault',
  why: 'Old compilers have faults of their own: 0.8.30 breaks an assertion when an event is emitted by way of its module.',
  inputs: [
    {
      body: () => ({
        sources: {
          'A.sol':
            'pragma solidity 0.8.30; import * as M from "./M.sol"; contract A { function f() public { emit M.E(); } }',
          'M.sol': 'pragma solidity 0.8.30; event E();',
        },
        entry: 'A.sol',
      }),
      answer: notCompilable('InternalCompilerError'),
    },
  ],
};
