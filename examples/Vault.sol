// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Savings vault
/// @notice Keeps ether for its depositors and takes a fee, in basis points, when they withdraw.
/// @dev An example to audit: it holds one real fault, which `slipway audit examples/Vault.sol` names.
contract Vault {
    /// @notice Highest fee that may be set: 5 %.
    uint256 public constant MAX_FEE_BASIS_POINTS = 500;

    /// @notice Receives the fees and may change them.
    address public immutable owner;

    /// @notice Fee on withdrawals, in basis points (1/100 of a percent).
    uint256 public feeBasisPoints;

    /// @notice Fees collected and not yet paid out, in wei.
    uint256 public collectedFees;

    /// @notice What each depositor holds, in wei.
    mapping(address => uint256) public balanceOf;

    event Deposited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount, uint256 fee);
    event FeeChanged(uint256 feeBasisPoints);
    event FeesPaid(address indexed to, uint256 amount);

    error NotOwner(address caller);
    error ZeroAddress();
    error ZeroAmount();
    error FeeTooHigh(uint256 feeBasisPoints);
    error NothingSaved(address account);
    error PaymentFailed(address to, uint256 amount);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    /// @param owner_ receives the fees and may change them
    /// @param feeBasisPoints_ fee on withdrawals, in basis points, at most 500
    constructor(address owner_, uint256 feeBasisPoints_) {
        if (owner_ == address(0)) revert ZeroAddress();
        if (feeBasisPoints_ > MAX_FEE_BASIS_POINTS) revert FeeTooHigh(feeBasisPoints_);
        owner = owner_;
        feeBasisPoints = feeBasisPoints_;
    }

    /// @notice Saves the ether that is sent along.
    function deposit() external payable {
        if (msg.value == 0) revert ZeroAmount();
        balanceOf[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    /// @notice Pays out everything that the caller has saved, less the fee.
    function withdraw() external {
        uint256 balance = balanceOf[msg.sender];
        if (balance == 0) revert NothingSaved(msg.sender);
        uint256 fee = (balance * feeBasisPoints) / 10_000;
        uint256 amount = balance - fee;

        (bool paid, ) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentFailed(msg.sender, amount);

        balanceOf[msg.sender] = 0;
        collectedFees += fee;
        emit Withdrawn(msg.sender, amount, fee);
    }

    /// @notice Sets the fee on later withdrawals.
    function setFee(uint256 newFeeBasisPoints) external onlyOwner {
        if (newFeeBasisPoints > MAX_FEE_BASIS_POINTS) revert FeeTooHigh(newFeeBasisPoints);
        feeBasisPoints = newFeeBasisPoints;
        emit FeeChanged(newFeeBasisPoints);
    }

    /// @notice Pays the collected fees to the owner.
    function payFees() external onlyOwner {
        uint256 amount = collectedFees;
        collectedFees = 0;
        (bool paid, ) = owner.call{value: amount}("");
        if (!paid) revert PaymentFailed(owner, amount);
        emit FeesPaid(owner, amount);
    }
}
