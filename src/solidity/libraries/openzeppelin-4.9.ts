import { npmLibrary } from '../npm-library.ts';

const words = ['_beforeTokenTransfer', '_afterTokenTransfer', '_setupRole', '_isApprovedOrOwner'];

/** OpenZeppelin Contracts 4.9 (MIT): the last line with `security/`, `Counters`, `SafeMath` and transfer hooks. */
export const openzeppelin49 = npmLibrary({
  package: 'openzeppelin-contracts-4.9',
  name: '@openzeppelin/contracts',
  sign(own, imported) {
    const word = words.find((one) => own.some((facts) => facts.words.has(one)));
    if (word) return `${word} exists only in version 4`;
    const ownable = imported.has('access/Ownable.sol') || imported.has('access/Ownable2Step.sol');
    const given = own.some((facts) => facts.calledWithArguments.has('Ownable'));
    const concrete = own.some((facts) => facts.declarations.some((one) => one.kind === 'contract'));
    return ownable && !given && concrete
      ? 'Ownable is not given an owner, which version 5 demands'
      : undefined;
  },
});
