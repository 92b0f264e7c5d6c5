// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Cheques signed by the owner of the book, cashed by whom they name
contract ChequeBook {
    bytes32 private constant CHEQUE = keccak256("Cheque(address payee,uint256 amount,uint256 number,uint256 expires)");
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    address public immutable holder;
    bytes32 public immutable domain;
    mapping(bytes32 => bool) public cashed;

    event Topped(uint256 amount);
    event Cashed(address indexed payee, uint256 amount, uint256 number);
    event Stopped(address indexed payee, uint256 number);

    error BadSignature();
    error AlreadyCashed();
    error Expired();
    error OnlyHolder();

    modifier onlyHolder() {
        if (msg.sender != holder) revert OnlyHolder();
        _;
    }

    constructor() payable {
        holder = msg.sender;
        domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)"),
                keccak256("ChequeBook"),
                block.chainid,
                address(this)
            )
        );
    }

    function topUp() external payable onlyHolder {
        emit Topped(msg.value);
    }

    function withdraw(uint256 amount) external onlyHolder {
        _pay(holder, amount);
    }

    function cash(
        uint256 amount,
        uint256 number,
        uint256 expires,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (block.timestamp > expires) revert Expired();
        bytes32 digest = chequeDigest(msg.sender, amount, number, expires);
        if (cashed[digest]) revert AlreadyCashed();
        if (uint256(s) > HALF_ORDER) revert BadSignature();
        address signer = ecrecover(digest, v, r, s);
        if (signer == address(0) || signer != holder) revert BadSignature();
        cashed[digest] = true;
        emit Cashed(msg.sender, amount, number);
        _pay(msg.sender, amount);
    }

    function chequeDigest(
        address payee,
        uint256 amount,
        uint256 number,
        uint256 expires
    ) public view returns (bytes32) {
        bytes32 content = keccak256(abi.encode(CHEQUE, payee, amount, number, expires));
        return keccak256(abi.encodePacked("\x19\x01", domain, content));
    }

    function isLow(bytes32 s) external pure returns (bool) {
        return uint256(s) <= HALF_ORDER;
    }

    function _pay(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment");
    }
}
