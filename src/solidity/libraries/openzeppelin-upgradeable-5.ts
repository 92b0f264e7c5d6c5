import { npmLibrary } from '../npm-library.ts';

/** OpenZeppelin Contracts Upgradeable 5.x (MIT): the stateful half only; the rest it imports from its twin. */
export const openzeppelinUpgradeable5 = npmLibrary({
  package: '@openzeppelin/contracts-upgradeable',
  name: '@openzeppelin/contracts-upgradeable',
  aliases: [
    'openzeppelin-contracts-upgradeable/contracts',
    'openzeppelin-contracts-upgradeable',
    '@openzeppelin-contracts-upgradeable/contracts',
    '@openzeppelin-contracts-upgradeable',
    '@openzeppelin-upgradeable/contracts',
    '@openzeppelin-upgradeable',
    'openzeppelin-upgradeable/contracts',
    'openzeppelin-upgradeable',
  ],
  family: 'openzeppelin',
  // Until 5.4 these stateless contracts had an upgradeable twin with an initialiser.
  formerNames: [
    '__UUPSUpgradeable_init',
    '__UUPSUpgradeable_init_unchained',
    '__ReentrancyGuard_init',
    '__ReentrancyGuard_init_unchained',
    '__ERC721Holder_init',
    '__ERC721Holder_init_unchained',
    '__ERC1155Holder_init',
    '__ERC1155Holder_init_unchained',
  ],
  moved: {
    'utils/ReentrancyGuardUpgradeable.sol': '@openzeppelin/contracts/utils/ReentrancyGuard.sol',
    'utils/ReentrancyGuardTransientUpgradeable.sol':
      '@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol',
    'token/ERC721/utils/ERC721HolderUpgradeable.sol':
      '@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol',
    'token/ERC1155/utils/ERC1155HolderUpgradeable.sol':
      '@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol',
    'token/ERC6909/draft-ERC6909Upgradeable.sol':
      '@openzeppelin/contracts-upgradeable/token/ERC6909/ERC6909Upgradeable.sol',
  },
});
