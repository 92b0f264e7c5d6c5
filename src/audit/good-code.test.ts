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

const handWritten = {
  'a permit whose nonce is kept in a local and counted by SafeMath': `pragma solidity 0.6.12;
library SafeMath { function add(uint a, uint b) internal pure returns (uint c) { c = a + b; require(c >= a); } }
contract T {
  using SafeMath for uint256;
  mapping(address => uint256) public _nonces;
  mapping(address => mapping(address => uint)) allowances;
  bytes32 public DOMAIN_SEPARATOR;
  bytes32 public constant PERMIT_TYPEHASH = keccak256('Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)');
  constructor() public { uint256 chainId; assembly { chainId := chainid() } DOMAIN_SEPARATOR = keccak256(abi.encode(chainId, address(this))); }
  function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
    require(owner != address(0), 'INVALID_OWNER');
    require(block.timestamp <= deadline, 'INVALID_EXPIRATION');
    uint256 currentValidNonce = _nonces[owner];
    bytes32 digest = keccak256(abi.encodePacked('\\x19\\x01', DOMAIN_SEPARATOR, keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, currentValidNonce, deadline))));
    require(owner == ecrecover(digest, v, r, s), 'INVALID_SIGNATURE');
    _nonces[owner] = currentValidNonce.add(1);
    allowances[owner][spender] = value;
  }
}`,
  'a wallet of many owners: set up once, signers in rising order, owners as a linked list': `pragma solidity ^0.7.6;
contract S {
  mapping(address => address) owners; uint threshold; uint ownerCount; mapping(address => mapping(bytes32 => uint)) approved; uint nonce;
  address constant SENTINEL = address(1);
  modifier authorized() { require(msg.sender == address(this)); _; }
  function setup(address[] calldata _owners, uint t, address to, bytes calldata data) external {
    setupOwners(_owners, t);
    if (to != address(0)) setupModules(to, data);
  }
  function setupModules(address to, bytes memory data) internal {
      bool ok; assembly { ok := delegatecall(gas(), to, add(data, 0x20), mload(data), 0, 0) }
      require(ok);
  }
  function setupOwners(address[] memory _owners, uint t) internal {
    require(threshold == 0);
    require(t <= _owners.length); require(t >= 1);
    address cur = SENTINEL;
    for (uint i = 0; i < _owners.length; i++) { address o = _owners[i]; require(o != address(0) && o != SENTINEL && o != address(this) && cur != o); require(owners[o] == address(0)); owners[cur] = o; cur = o; }
    owners[cur] = SENTINEL; ownerCount = _owners.length; threshold = t;
  }
  function changeThreshold(uint t) public authorized { require(t <= ownerCount); require(t >= 1); threshold = t; }
  function approveHash(bytes32 h) external { require(owners[msg.sender] != address(0)); approved[msg.sender][h] = 1; }
  function exec(address to, bytes memory data, bytes32[3][] memory sigs) public {
    uint chain; assembly { chain := chainid() }
    bytes32 h = keccak256(abi.encode(address(this), chain, to, data, nonce)); nonce++;
    address last = address(0); address cur;
    for (uint i = 0; i < threshold; i++) { cur = ecrecover(h, uint8(uint(sigs[i][0])), sigs[i][1], sigs[i][2]); require(cur > last && owners[cur] != address(0) && cur != SENTINEL); last = cur; }
    (bool ok,) = to.call(data); require(ok);
  }
  function pay(uint amount, address payable refundReceiver) private { address payable receiver = refundReceiver == address(0) ? tx.origin : refundReceiver; require(receiver.send(amount)); }
  function exec2(uint a, address payable r, bytes memory data) public authorized { pay(a, r); }
}`,
  'a proxy that is set up once by assembly, simulations that are undone, tokens of lenders, allowances that are used up': `pragma solidity ^0.5.17;
contract Proxy {
  bytes32 constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
  function _implementation() internal view returns (address impl) { bytes32 slot = SLOT; assembly { impl := sload(slot) } }
  function _set(address a) internal { bytes32 slot = SLOT; assembly { sstore(slot, a) } }
  function initialize(address _logic, bytes memory _data) public payable {
    require(_implementation() == address(0));
    _set(_logic);
    if (_data.length > 0) { (bool success, ) = _logic.delegatecall(_data); require(success); }
  }
  function () external payable { address i = _implementation(); assembly { calldatacopy(0, 0, calldatasize()) let r := delegatecall(gas(), i, 0, calldatasize(), 0, 0) returndatacopy(0,0,returndatasize()) switch r case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) } } }
}
contract Sim { uint x; function simulateAndRevert(address t, bytes memory d) public { assembly { let ok := delegatecall(gas(), t, add(d, 0x20), mload(d), 0, 0) mstore(0, ok) revert(0, 0x20) } } }
interface IA { function mint(address a, uint b) external; }
contract Pool {
  struct R { address aToken; uint x; }
  mapping(address => R) _reserves; address owner; constructor() public { owner = msg.sender; }
  function set(address a, address t) external { require(msg.sender == owner); require(t != address(0)); _reserves[a].aToken = t; }
  struct V { uint i; address cur; }
  function flash(address[] calldata assets, uint[] calldata amounts) external {
    V memory vars; require(assets.length == amounts.length);
    address[] memory aTokenAddresses = new address[](assets.length);
    for (vars.i = 0; vars.i < assets.length; vars.i++) { aTokenAddresses[vars.i] = _reserves[assets[vars.i]].aToken; IA(aTokenAddresses[vars.i]).mint(msg.sender, amounts[vars.i]); }
  }
}
library SM { function sub(uint a, uint b) internal pure returns (uint) { require(b <= a); return a - b; } function add(uint a, uint b) internal pure returns (uint c) { c = a + b; require(c >= a); } }
contract T {
  using SM for uint; mapping(address => uint) _balances; mapping(address => mapping(address => uint)) _allowances; uint _totalSupply; address minter;
  constructor() public { minter = msg.sender; }
  modifier onlyMinter() { require(msg.sender == minter); _; }
  function mint(address a, uint v) public onlyMinter { require(a != address(0)); _totalSupply = _totalSupply.add(v); _balances[a] = _balances[a].add(v); }
  function approve(address s, uint v) public { require(s != address(0)); _allowances[msg.sender][s] = v; }
  function burn(uint v) public { _burn(msg.sender, v); }
  function burnFrom(address a, uint v) public { _burn(a, v); _approve(a, msg.sender, _allowances[a][msg.sender].sub(v)); }
  function _approve(address o, address s, uint v) internal { require(s != address(0)); _allowances[o][s] = v; }
  function _burn(address a, uint v) internal { require(a != address(0)); _totalSupply = _totalSupply.sub(v); _balances[a] = _balances[a].sub(v); }
}`,
};

describe('what is written by hand as well-known contracts do', () => {
  test.each(Object.entries(handWritten))('%s', async (_name, source) => {
    const report = await auditOf(compiler, { 'Own.sol': source });
    const severe = report.findings.filter(({ severity }) => /critical|high|medium/.test(severity));
    expect(severe.map((item) => `${item.detector} ${item.location.line}`)).toEqual([]);
  });
});
