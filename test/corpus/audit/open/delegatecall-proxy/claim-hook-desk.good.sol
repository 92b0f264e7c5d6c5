// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Insurance desk; each policy may carry a hook that settles the claim
contract ClaimHookDesk {
    enum Status { None, Active, Claimed }

    struct Policy {
        address holder;
        address hook;
        uint96 cover;
        Status status;
    }

    address public immutable insurer;
    uint256 public nextId = 1;
    mapping(uint256 => Policy) public policies;
    mapping(address => bool) public knownHooks;

    event HookKnown(address indexed hook);
    event PolicyOpened(uint256 indexed id, address indexed holder, uint96 cover);
    event HookChosen(uint256 indexed id, address hook);
    event PolicyClaimed(uint256 indexed id, uint96 cover);

    error NotInsurer();
    error NotHolder();
    error NotActive();
    error HookFailed(bytes reason);

    modifier onlyInsurer() {
        if (msg.sender != insurer) revert NotInsurer();
        _;
    }

    constructor() payable {
        insurer = msg.sender;
    }

    receive() external payable {}

    function addHook(address hook) external onlyInsurer {
        require(hook.code.length > 0, "hook");
        knownHooks[hook] = true;
        emit HookKnown(hook);
    }

    function openPolicy(address holder, uint96 cover) external onlyInsurer returns (uint256 id) {
        require(holder != address(0), "holder");
        id = nextId++;
        policies[id] = Policy(holder, address(0), cover, Status.Active);
        emit PolicyOpened(id, holder, cover);
    }

    /// @notice The holder picks the hook that is told about the claim.
    function chooseHook(uint256 id, address hook) external {
        Policy storage p = policies[id];
        if (p.holder != msg.sender) revert NotHolder();
        require(knownHooks[hook], "hook");
        p.hook = hook;
        emit HookChosen(id, hook);
    }

    /// @notice Settled by the insurer after the loss has been examined.
    function settle(uint256 id) external onlyInsurer {
        Policy storage p = policies[id];
        if (p.status != Status.Active) revert NotActive();
        p.status = Status.Claimed;
        address holder = p.holder;
        uint96 cover = p.cover;
        emit PolicyClaimed(id, cover);
        _runHook(p.hook, id, cover);
        (bool paid, ) = payable(holder).call{value: cover}("");
        require(paid, "payment failed");
    }

    function _runHook(address hook, uint256 id, uint96 cover) internal {
        if (hook == address(0)) return;
        bytes memory data = abi.encodeWithSignature("onClaim(uint256,uint96)", id, cover);
        (bool ok, bytes memory reason) = hook.delegatecall(data);
        if (!ok) revert HookFailed(reason);
    }

    function withdraw(address payable to, uint256 amount) external onlyInsurer {
        require(to != address(0), "to");
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "withdraw failed");
    }
}
