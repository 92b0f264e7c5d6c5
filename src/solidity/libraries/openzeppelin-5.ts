import { npmLibrary } from '../npm-library.ts';

/** OpenZeppelin Contracts 5.x (MIT): custom errors, one `_update` hook, an owner that is always an argument. */
export const openzeppelin5 = npmLibrary({
  package: '@openzeppelin/contracts',
  name: '@openzeppelin/contracts',
  aliases: [
    'openzeppelin-contracts/contracts',
    'openzeppelin-contracts',
    '@openzeppelin-contracts/contracts',
    '@openzeppelin-contracts',
    'openzeppelin/contracts',
    'openzeppelin',
    '@oz',
  ],
  family: 'openzeppelin',
  // 5.4 has these by other names.
  moved: {
    'account/utils/draft-ERC4337Utils.sol': '@openzeppelin/contracts/account/utils/ERC4337Utils.sol',
    'interfaces/draft-IERC4337.sol': '@openzeppelin/contracts/interfaces/IERC4337.sol',
    'interfaces/draft-IERC6909.sol': '@openzeppelin/contracts/interfaces/IERC6909.sol',
    'token/ERC6909/draft-ERC6909.sol': '@openzeppelin/contracts/token/ERC6909/ERC6909.sol',
    'utils/cryptography/signers/SignerERC7702.sol':
      '@openzeppelin/contracts/utils/cryptography/signers/SignerEIP7702.sol',
  },
});
