import { type HostileCase, header, succeeded } from './case.ts';

export const propertyNames: HostileCase = {
  name: 'property-names',
  why: 'Files, contracts, structs and libraries that are called as what every object has.',
  inputs: [
    {
      body: () => ({
        sources: {
          constructor: `${header}contract __proto__ { struct toString { uint valueOf; } function hasOwnProperty(toString memory) public {} }`,
          toString: `${header}library prototype { function f() public {} } contract hasOwnProperty { function f() public { prototype.f(); } }`,
        },
      }),
      answer: succeeded(),
    },
    {
      name: 'the contract is found by such a name',
      body: () => ({
        sources: { valueOf: `${header}contract __proto__ {} contract A {}` },
        contract: 'valueOf:__proto__',
      }),
      answer: succeeded(),
    },
  ],
};
