// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

/// @title Grant program, deployed once and used through upgradeable proxies
/// @dev The proxies keep the address of the implementation in the EIP-1967 slot.
contract GrantProgram {
    bytes32 internal constant IMPLEMENTATION_SLOT =
        0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    struct Grant {
        address payable grantee;
        uint96 amount;
        uint64 releasedAfter;
        bool paid;
    }

    bool private initialized;
    address public council;
    uint256 public grantCount;
    uint256 public promised;
    mapping(uint256 => Grant) public grants;

    event GrantPromised(uint256 indexed id, address indexed grantee, uint96 amount);
    event GrantPaid(uint256 indexed id);
    event Upgraded(address indexed implementation);

    modifier onlyCouncil() {
        require(msg.sender == council, "only council");
        _;
    }

    constructor() {}

    /// @notice Called by the deployer in the transaction that creates a proxy.
    function initialize(address council_) external { // <-- delegatecall-proxy
        require(!initialized, "already initialized");
        require(council_ != address(0), "council is zero");
        initialized = true;
        council = council_;
    }

    receive() external payable {}

    function pledge(
        address payable grantee,
        uint96 amount,
        uint64 releasedAfter
    ) external onlyCouncil returns (uint256 id) {
        require(grantee != address(0), "grantee is zero");
        require(address(this).balance >= promised + amount, "not funded");
        id = grantCount++;
        promised += amount;
        grants[id] = Grant(grantee, amount, releasedAfter, false);
        emit GrantPromised(id, grantee, amount);
    }

    function release(uint256 id) external {
        Grant storage grant = grants[id];
        require(grant.grantee == msg.sender, "not the grantee");
        require(!grant.paid, "paid already");
        require(block.timestamp >= grant.releasedAfter, "too early");
        grant.paid = true;
        promised -= grant.amount;
        emit GrantPaid(id);
        (bool ok, ) = grant.grantee.call{value: grant.amount}("");
        require(ok, "payment failed");
    }

    function upgradeToAndCall(address next, bytes calldata data) external onlyCouncil {
        require(next.code.length > 0, "no code");
        bytes32 slot = IMPLEMENTATION_SLOT;
        assembly {
            sstore(slot, next)
        }
        emit Upgraded(next);
        if (data.length > 0) {
            (bool ok, ) = next.delegatecall(data);
            require(ok, "migration failed");
        }
    }
}
