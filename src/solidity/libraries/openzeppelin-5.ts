import { npmLibrary } from '../npm-library.ts';

const words = [
  '_update',
  '_requireOwned',
  'OwnableUnauthorizedAccount',
  'OwnableInvalidOwner',
  'ERC20InsufficientBalance',
  'AccessControlUnauthorizedAccount',
];

/** OpenZeppelin Contracts 5.x (MIT): custom errors, one `_update` hook, an owner that is always an argument. */
export const openzeppelin5 = npmLibrary({
  package: '@openzeppelin/contracts',
  name: '@openzeppelin/contracts',
  sign(own) {
    const given = own.some((one) => one.calledWithArguments.has('Ownable'));
    if (given) return 'Ownable is given its owner, which version 4 does not take';
    const word = words.find((one) => own.some((facts) => facts.words.has(one)));
    return word && `${word} exists only in version 5`;
  },
});
