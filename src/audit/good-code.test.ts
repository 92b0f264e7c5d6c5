import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';
import { runAudit } from './run-audit.ts';
import { auditOf, unitOf } from './test-support.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

const oz = '@openzeppelin/contracts';
const contracts = {
  token: `import {ERC20Permit, ERC20} from "${oz}/token/ERC20/extensions/ERC20Permit.sol";
import {Ownable} from "${oz}/access/Ownable.sol";
contract GameCoin is ERC20, ERC20Permit, Ownable {
    constructor(address owner_) ERC20("GameCoin", "GC") ERC20Permit("GameCoin") Ownable(owner_) {
        _mint(owner_, 10_000_000e18);
    }
    function mint(address to, uint256 amount) external onlyOwner { _mint(to, amount); }
}`,
  collection: `import {ERC721Enumerable, ERC721} from "${oz}/token/ERC721/extensions/ERC721Enumerable.sol";
import {AccessControl} from "${oz}/access/AccessControl.sol";
contract Cards is ERC721Enumerable, AccessControl {
    bytes32 public constant MINTER = keccak256("MINTER");
    uint256 private next;
    constructor(address admin) ERC721("Cards", "CRD") { _grantRole(DEFAULT_ADMIN_ROLE, admin); }
    function mint(address to) external onlyRole(MINTER) returns (uint256 id) {
        id = next++;
        _safeMint(to, id);
    }
    function sweep(address payable to) external onlyRole(DEFAULT_ADMIN_ROLE) {
        (bool ok, ) = to.call{value: address(this).balance}("");
        require(ok, "failed");
    }
    function supportsInterface(bytes4 id) public view override(ERC721Enumerable, AccessControl) returns (bool) {
        return super.supportsInterface(id);
    }
}`,
  governor: `import {Governor, IGovernor} from "${oz}/governance/Governor.sol";
import {GovernorCountingSimple} from "${oz}/governance/extensions/GovernorCountingSimple.sol";
import {GovernorVotes, IVotes} from "${oz}/governance/extensions/GovernorVotes.sol";
import {GovernorTimelockControl, TimelockController} from "${oz}/governance/extensions/GovernorTimelockControl.sol";
contract Parliament is Governor, GovernorCountingSimple, GovernorVotes, GovernorTimelockControl {
    constructor(IVotes token, TimelockController lock_) Governor("Parliament") GovernorVotes(token) GovernorTimelockControl(lock_) {}
    function votingDelay() public pure override returns (uint256) { return 1 days; }
    function votingPeriod() public pure override returns (uint256) { return 1 weeks; }
    function quorum(uint256) public pure override returns (uint256) { return 1e18; }
    function state(uint256 id) public view override(Governor, GovernorTimelockControl) returns (ProposalState) { return super.state(id); }
    function proposalNeedsQueuing(uint256 id) public view override(Governor, GovernorTimelockControl) returns (bool) { return super.proposalNeedsQueuing(id); }
    function _queueOperations(uint256 id, address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d) internal override(Governor, GovernorTimelockControl) returns (uint48) { return super._queueOperations(id, t, v, c, d); }
    function _executeOperations(uint256 id, address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d) internal override(Governor, GovernorTimelockControl) { super._executeOperations(id, t, v, c, d); }
    function _cancel(address[] memory t, uint256[] memory v, bytes[] memory c, bytes32 d) internal override(Governor, GovernorTimelockControl) returns (uint256) { return super._cancel(t, v, c, d); }
    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) { return super._executor(); }
}`,
  escrow: `import {ReentrancyGuard} from "${oz}/utils/ReentrancyGuard.sol";
import {SafeERC20, IERC20} from "${oz}/token/ERC20/utils/SafeERC20.sol";
import {Address} from "${oz}/utils/Address.sol";
contract Market is ReentrancyGuard {
    using SafeERC20 for IERC20;
    struct Offer { address payable seller; uint256 price; bool sold; }
    mapping(uint256 => Offer) public offers;
    mapping(address => uint256) public staked;
    IERC20 public immutable token;
    constructor(IERC20 token_) { token = token_; }
    function offer(uint256 id, uint256 price) external {
        require(offers[id].seller == address(0), "taken");
        offers[id] = Offer(payable(msg.sender), price, false);
    }
    function buy(uint256 id) external payable nonReentrant {
        Offer storage item = offers[id];
        require(!item.sold && msg.value == item.price, "no");
        Address.sendValue(item.seller, msg.value);
        item.sold = true;
    }
    function stake(uint256 amount) external {
        token.safeTransferFrom(msg.sender, address(this), amount);
        staked[msg.sender] += amount;
    }
    function unstake(uint256 amount) external {
        staked[msg.sender] -= amount;
        token.safeTransfer(msg.sender, amount);
    }
}`,
};

describe('contracts built on OpenZeppelin 5', () => {
  test.each(Object.entries(contracts))('%s has no finding at all', async (_name, source) => {
    const report = await auditOf(compiler, { 'Own.sol': `pragma solidity ^0.8.24;\n${source}` });
    const shown = report.findings.map((item) => `${item.severity} ${item.detector} ${item.location.line}`);
    expect({ shown, status: report.tools[0]?.status }).toEqual({ shown: [], status: 'passed' });
  });

  test('the library itself, audited as if it were ours, has no high finding', async () => {
    const unit = await unitOf(compiler, { 'Own.sol': `pragma solidity ^0.8.24;\n${contracts.governor}` });
    const report = runAudit({ ...unit, ownFiles: Object.keys(unit.asts) }, { now: () => 0 });
    expect(report.tools[0]?.problems).toEqual([]);
    expect(report.counts).toMatchObject({ critical: 0, high: 0, medium: 0 });
  });
});
