// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title Purse of a parish; several elders have to sign each payment
contract ParishCouncil is EIP712 {
    struct Payment {
        address payable to;
        uint256 amount;
        bytes32 purpose;
        uint256 nonce;
        uint256 deadline;
    }

    bytes32 private constant PAYMENT_TYPE =
        keccak256("Payment(address to,uint256 amount,bytes32 purpose,uint256 nonce,uint256 deadline)");
    uint256 public constant MAX_ELDERS = 15;

    uint256 public immutable quorum;
    uint256 public nonce;
    address[] private _elders;
    mapping(address => bool) public isElder;

    event Gift(address indexed from, uint256 amount);
    event Paid(uint256 indexed nonce, address indexed to, uint256 amount, bytes32 purpose);

    error BadElders();
    error BadPayment();
    error BadNonce();
    error Expired();
    error TooFewSignatures(uint256 count);
    error NotAnElder(address who);
    error PayFailed();

    constructor(address[] memory elders_, uint256 quorum_) EIP712("ParishCouncil", "2") {
        if (elders_.length > MAX_ELDERS || quorum_ < 2 || quorum_ > elders_.length) revert BadElders();
        for (uint256 i = 0; i < elders_.length; i++) {
            address elder = elders_[i];
            if (elder == address(0) || isElder[elder]) revert BadElders();
            isElder[elder] = true;
            _elders.push(elder);
        }
        quorum = quorum_;
    }

    receive() external payable {
        emit Gift(msg.sender, msg.value);
    }

    /// @notice Pay out what enough elders have signed.
    /// @param signatures one of each elder, in the order of their addresses
    function pay(Payment calldata payment, bytes[] calldata signatures) external {
        if (payment.to == address(0) || payment.amount == 0) revert BadPayment();
        if (block.timestamp > payment.deadline) revert Expired();
        if (payment.nonce != nonce) revert BadNonce();
        _checkSignatures(_digest(payment), signatures);
        nonce += 1;
        emit Paid(payment.nonce, payment.to, payment.amount, payment.purpose);
        (bool ok, ) = payment.to.call{value: payment.amount}("");
        if (!ok) revert PayFailed();
    }

    function elders() external view returns (address[] memory) {
        return _elders;
    }

    function digestOf(Payment calldata payment) external view returns (bytes32) {
        return _digest(payment);
    }

    function _checkSignatures(bytes32 digest, bytes[] calldata signatures) private view {
        uint256 count = signatures.length;
        if (count < quorum || count > MAX_ELDERS) revert TooFewSignatures(count);
        address last = address(0);
        for (uint256 i = 0; i < count; i++) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (!isElder[signer] || signer < last) revert NotAnElder(signer); // <-- signature
            last = signer;
        }
    }

    function _digest(Payment calldata payment) private view returns (bytes32) {
        bytes32 body = keccak256(
            abi.encode(
                PAYMENT_TYPE,
                payment.to,
                payment.amount,
                payment.purpose,
                payment.nonce,
                payment.deadline
            )
        );
        return _hashTypedDataV4(body);
    }
}
