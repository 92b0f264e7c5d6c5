// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title CollateralGauge
/// @notice Limits how much may be borrowed against a position. Positions are kept by registered
///         vaults, each of which answers `positionOf(address)` with a value in cents.
contract CollateralGauge {
    struct VaultInfo {
        uint16 ratioBps;
        bool registered;
    }

    uint256 private constant BPS = 10_000;
    bytes4 private constant POSITION_OF = bytes4(keccak256("positionOf(address)"));

    address public immutable council;
    address public immutable lender;
    mapping(address => VaultInfo) public vaults;
    mapping(address => mapping(address => uint256)) public drawn;

    event VaultRegistered(address indexed vault, uint16 ratioBps);
    event VaultDropped(address indexed vault);
    event Drawn(address indexed vault, address indexed user, uint256 amount);
    event PaidBack(address indexed vault, address indexed user, uint256 amount);

    error OnlyCouncil();
    error OnlyLender();
    error UnknownVault();
    error OverLimit(uint256 limit);
    error NoAnswer(address vault);

    modifier onlyLender() {
        if (msg.sender != lender) revert OnlyLender();
        _;
    }

    constructor(address council_, address lender_) {
        require(council_ != address(0) && lender_ != address(0), "bad setup");
        council = council_;
        lender = lender_;
    }

    function registerVault(address vault, uint16 ratioBps) external {
        if (msg.sender != council) revert OnlyCouncil();
        require(vault.code.length > 0, "no code");
        require(ratioBps > 0 && ratioBps <= 8_000, "bad ratio");
        vaults[vault] = VaultInfo(ratioBps, true);
        emit VaultRegistered(vault, ratioBps);
    }

    function dropVault(address vault) external {
        if (msg.sender != council) revert OnlyCouncil();
        vaults[vault].registered = false;
        emit VaultDropped(vault);
    }

    function recordDraw(address vault, address user, uint256 amount) external onlyLender {
        if (!vaults[vault].registered) revert UnknownVault();
        uint256 limit = limitOf(vault, user);
        uint256 total = drawn[vault][user] + amount;
        if (total > limit) revert OverLimit(limit);
        drawn[vault][user] = total;
        emit Drawn(vault, user, amount);
    }

    function recordPayback(address vault, address user, uint256 amount) external onlyLender {
        drawn[vault][user] -= amount;
        emit PaidBack(vault, user, amount);
    }

    function limitOf(address vault, address user) public view returns (uint256) {
        return (_position(vault, user) * vaults[vault].ratioBps) / BPS;
    }

    function _position(address vault, address user) internal view returns (uint256) {
        (, bytes memory answer) = vault.staticcall(abi.encodeWithSelector(POSITION_OF, user)); // <-- unchecked-result
        return abi.decode(answer, (uint256));
    }
}
