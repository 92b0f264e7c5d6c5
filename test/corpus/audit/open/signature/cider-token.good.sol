// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

/// @title Token of a cider cooperative, allowances can also be given by signature
contract CiderToken {
    string public constant name = "Cider";
    string public constant symbol = "CDR";
    uint8 public constant decimals = 18;

    bytes32 public constant PERMIT_TYPE =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => uint256) public nonces;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error ZeroAddress();
    error BadPermit();

    constructor(address cellar, uint256 supply) {
        if (cellar == address(0)) revert ZeroAddress();
        totalSupply = supply;
        balanceOf[cellar] = supply;
        emit Transfer(address(0), cellar, supply);
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 left = allowance[from][msg.sender];
        if (left != type(uint256).max) allowance[from][msg.sender] = left - value;
        _move(from, to, value);
        return true;
    }

    /// @notice Set an allowance with the signature of the owner.
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (owner == address(0) || block.timestamp > deadline) revert BadPermit();
        if (uint256(s) > HALF_ORDER) revert BadPermit();
        uint256 nonce = nonces[owner]++;
        bytes32 body = keccak256(abi.encode(PERMIT_TYPE, owner, spender, value, nonce, deadline));
        address signer = ecrecover(keccak256(abi.encodePacked("\x19\x01", domainSeparator(), body)), v, r, s);
        if (signer == address(0) || signer != owner) revert BadPermit();
        _approve(owner, spender, value);
    }

    function domainSeparator() public view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256(bytes(name)),
                    keccak256("1"),
                    block.chainid,
                    address(this)
                )
            );
    }

    function _approve(address owner, address spender, uint256 value) internal {
        if (spender == address(0)) revert ZeroAddress();
        allowance[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    function _move(address from, address to, uint256 value) internal {
        if (to == address(0)) revert ZeroAddress();
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
