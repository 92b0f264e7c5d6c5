// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Purses from which parents let their children draw with signed cheques
contract AllowancePurse is EIP712 {
    using SafeERC20 for IERC20;

    struct Cheque {
        address parent;
        address child;
        uint256 amount;
        uint256 number;
        uint256 deadline;
    }

    bytes32 private constant CHEQUE_TYPE =
        keccak256("Cheque(address parent,address child,uint256 amount,uint256 number,uint256 deadline)");

    IERC20 public immutable coin;
    mapping(address => uint256) public purse;
    mapping(address => mapping(address => bool)) public childOf;
    mapping(address => mapping(uint256 => bool)) public cashed;

    event PurseFilled(address indexed parent, uint256 amount);
    event PurseEmptied(address indexed parent, uint256 amount);
    event ChildSet(address indexed parent, address indexed child, bool enabled);
    event ChequeCashed(address indexed parent, address indexed child, uint256 number, uint256 amount);
    event ChequeStruck(address indexed parent, uint256 number);

    error ZeroValue();
    error NotAChild();
    error Expired();
    error AlreadyCashed();
    error WrongSigner();

    constructor(IERC20 coin_) EIP712("AllowancePurse", "1") {
        if (address(coin_) == address(0)) revert ZeroValue();
        coin = coin_;
    }

    function fill(uint256 amount) external {
        if (amount == 0) revert ZeroValue();
        purse[msg.sender] += amount;
        emit PurseFilled(msg.sender, amount);
        coin.safeTransferFrom(msg.sender, address(this), amount);
    }

    function emptyPurse() external {
        uint256 amount = purse[msg.sender];
        if (amount == 0) revert ZeroValue();
        purse[msg.sender] = 0;
        emit PurseEmptied(msg.sender, amount);
        coin.safeTransfer(msg.sender, amount);
    }

    function setChild(address child, bool enabled) external {
        if (child == address(0)) revert ZeroValue();
        childOf[msg.sender][child] = enabled;
        emit ChildSet(msg.sender, child, enabled);
    }

    /// @notice Anybody may bring a cheque, the amount goes to the child that it names.
    function cash(Cheque calldata cheque, bytes calldata signature) external { // <-- signature
        if (block.timestamp > cheque.deadline) revert Expired();
        if (!childOf[cheque.parent][cheque.child]) revert NotAChild();
        if (ECDSA.recover(_digest(cheque), signature) != cheque.parent) revert WrongSigner();
        if (cashed[msg.sender][cheque.number]) revert AlreadyCashed();
        cashed[msg.sender][cheque.number] = true;
        purse[cheque.parent] -= cheque.amount;
        emit ChequeCashed(cheque.parent, cheque.child, cheque.number, cheque.amount);
        coin.safeTransfer(cheque.child, cheque.amount);
    }

    /// @notice Make a cheque worthless that has not been cashed.
    function strike(uint256 number) external {
        if (cashed[msg.sender][number]) revert AlreadyCashed();
        cashed[msg.sender][number] = true;
        emit ChequeStruck(msg.sender, number);
    }

    function _digest(Cheque calldata cheque) private view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        CHEQUE_TYPE,
                        cheque.parent,
                        cheque.child,
                        cheque.amount,
                        cheque.number,
                        cheque.deadline
                    )
                )
            );
    }
}
