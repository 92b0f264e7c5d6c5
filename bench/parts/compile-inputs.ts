import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CompileRequest } from '../../src/solidity/types.ts';

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';

/** An ERC-20 of OpenZeppelin's; another `mark` is another input to every cache, and the same work. */
export function erc20(mark: string): CompileRequest {
  return {
    sources: {
      'Coin.sol': `${header}
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

// ${mark}
contract Coin is ERC20 {
    constructor() ERC20("Coin", "COIN") {
        _mint(msg.sender, 10_000_000 * 10 ** decimals());
    }
}
`,
    },
    contract: 'Coin',
  };
}

/** A governor of OpenZeppelin's with four extensions. */
export function governor(mark: string, body = ''): CompileRequest {
  const extensions = ['Settings', 'CountingSimple', 'Votes', 'VotesQuorumFraction'];
  const imports = extensions
    .map(
      (name) =>
        `import {Governor${name}} from "@openzeppelin/contracts/governance/extensions/Governor${name}.sol";`,
    )
    .join('\n');
  return {
    sources: {
      'Council.sol': `${header}
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
${imports}

// ${mark}
contract Council is Governor, ${extensions.map((name) => `Governor${name}`).join(', ')} {
    constructor(IVotes token)
        Governor("Council") GovernorSettings(7200, 50400, 0) GovernorVotes(token) GovernorVotesQuorumFraction(4) {}
    function votingDelay() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.votingDelay();
    }
    function votingPeriod() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.votingPeriod();
    }
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }
    ${body}
}
`,
    },
    contract: 'Council',
  };
}

/** All of OpenZeppelin Contracts, as somebody's own project. */
export function wholeLibrary(mark: string): CompileRequest {
  const folder = dirname(createRequire(import.meta.url).resolve('@openzeppelin/contracts/package.json'));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.sol'),
  );
  const sources = Object.fromEntries(
    paths.sort().map((path) => [`contracts/${path}`, readFileSync(join(folder, path), 'utf8')]),
  );
  return { sources: { ...sources, 'contracts/Mark.sol': `${header}// ${mark}\ncontract Mark {}\n` } };
}

/** Two hundred contracts, half of them with a library behind them, as projects of that size are. */
export function manyContracts(mark: string): CompileRequest {
  const sources: Record<string, string> = {};
  for (let index = 0; index < 200; index += 1) {
    sources[`src/Part${index}.sol`] = index % 2 === 0 ? token(index, mark) : register(index, mark);
  }
  return { sources };
}

function token(index: number, mark: string): string {
  return `${header}
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
// ${mark}
contract Part${index} is ERC20, Ownable {
    constructor() ERC20("T${index}", "T") Ownable(msg.sender) {}
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount + ${index});
    }
}
`;
}

function register(index: number, mark: string): string {
  return `${header}
// ${mark}
contract Part${index} {
    struct Entry { address owner; uint64 since; string text; }
    mapping(bytes32 id => Entry) public entries;
    function claim(bytes32 id, string calldata text) external {
        require(entries[id].owner == address(0), "taken");
        entries[id] = Entry(msg.sender, uint64(block.timestamp) + ${index}, text);
    }
    function release(bytes32 id) external {
        require(entries[id].owner == msg.sender, "not yours");
        delete entries[id];
    }
}
`;
}
