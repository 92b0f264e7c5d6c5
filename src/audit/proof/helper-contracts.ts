import type { CompileRequest } from '../../solidity/types.ts';

/** Slot and value that only the attacker's code writes: seen in somebody's storage, that code ran there. */
export const foreignMark = 0x51a7_0000_f0e1_900d_51a7_0000_f0e1_900dn;

const source = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// A token, a price feed and whatever else a contract under test may be given. It answers what it does not know with ones.
contract Token {
    string public name = "Token";
    string public symbol = "TKN";
    uint8 public decimals = 18;
    uint256 public totalSupply;
    address private immutable maker = msg.sender;
    bool private immutable tells;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    event Transfer(address indexed from, address indexed to, uint256 value);

    constructor(bool tellsReceivers) { tells = tellsReceivers; }

    function mint(address[] calldata owners, uint256 amount) external {
        require(msg.sender == maker);
        totalSupply += amount * owners.length;
        for (uint256 i = 0; i < owners.length; i++) balanceOf[owners[i]] += amount;
    }
    function approveFor(address[] calldata owners, address spender) external {
        require(msg.sender == maker);
        for (uint256 i = 0; i < owners.length; i++) allowance[owners[i]][spender] = type(uint256).max;
    }
    function deposit() external payable {
        totalSupply += msg.value;
        balanceOf[msg.sender] += msg.value;
    }
    function withdraw(uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        totalSupply -= amount;
        payable(msg.sender).transfer(amount);
    }
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }
    function transfer(address to, uint256 amount) external returns (bool) {
        move(msg.sender, to, amount);
        return true;
    }
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (allowance[from][msg.sender] != type(uint256).max) allowance[from][msg.sender] -= amount;
        move(from, to, amount);
        return true;
    }
    function safeTransferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        move(from, to, amount);
    }
    function move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
        // As ERC-777 does.
        if (tells && to.code.length > 0) {
            bytes4 hook = bytes4(keccak256("tokensReceived(address,address,address,uint256,bytes,bytes)"));
            (bool ok, ) = to.call(abi.encodeWithSelector(hook, msg.sender, from, to, amount, "", ""));
            ok;
        }
    }
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, 2000e8, block.timestamp, block.timestamp, 1);
    }
    function getReserves() external view returns (uint112, uint112, uint32) {
        return (1e24, 1e24, uint32(block.timestamp));
    }
    fallback() external payable {
        assembly {
            for { let at := 0 } lt(at, 256) { at := add(at, 32) } { mstore(at, 1) }
            return(0, 256)
        }
    }
    receive() external payable {}
}

/// A contract of the attacker's: does what it is told, and comes back when it is called.
contract Attacker {
    struct Move { address to; uint256 value; bytes data; }
    address private immutable master = msg.sender;
    Move[] private moves;
    uint256 private left;
    bool private one;

    function act(address to, uint256 value, bytes calldata data) external returns (bytes memory) {
        require(msg.sender == master);
        return run(to, value, data);
    }
    /// What is done when somebody calls, at most so many times; what fails is passed over.
    function arm(Move calldata move, uint256 rounds, bool answersOne) external {
        require(msg.sender == master);
        delete moves;
        moves.push(move);
        left = rounds;
        one = answersOne;
    }
    /// What an owner is lured into.
    function gift() external returns (bytes memory) {
        return run(moves[0].to, moves[0].value, moves[0].data);
    }
    function enter() external {
        require(msg.sender == address(this));
        left--;
        (bool ok, ) = moves[0].to.call{value: moves[0].value}(moves[0].data);
        ok;
    }
    function run(address to, uint256 value, bytes memory data) private returns (bytes memory result) {
        bool ok;
        (ok, result) = to.call{value: value}(data);
        if (!ok) assembly { revert(add(result, 32), mload(result)) }
    }
    fallback() external payable {
        if (gasleft() > 20000 && left > 0) {
            (bool ok, ) = address(this).call(abi.encodeCall(this.enter, ()));
            ok;
        }
        // The hooks of ERC-721 and ERC-1155 are answered with their own selector.
        bytes32 reply = msg.sig;
        if (gasleft() > 5000 && one) reply = bytes32(uint256(1));
        assembly {
            mstore(0, reply)
            return(0, 32)
        }
    }
    receive() external payable {
        if (gasleft() > 20000 && left > 0) {
            (bool ok, ) = address(this).call(abi.encodeCall(this.enter, ()));
            ok;
        }
    }
}

/// Code that shows where it ran.
contract Payload {
    function proxiableUUID() external pure returns (bytes32) {
        return 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    }
    fallback() external payable {
        assembly {
            sstore(${foreignMark}, ${foreignMark})
            mstore(0, 1)
            return(0, 32)
        }
    }
}

/// A proxy as ERC-1967 has it, for contracts that are made to stand behind one.
contract Proxy {
    constructor(address logic) payable { assembly { sstore(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc, logic) } }
    fallback() external payable {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), sload(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc), 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) { revert(0, returndatasize()) }
            return(0, returndatasize())
        }
    }
    receive() external payable {
        assembly {
            let ok := delegatecall(gas(), sload(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc), 0, 0, 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) { revert(0, returndatasize()) }
        }
    }
}

/// Sends ether to whoever does not want it.
contract Forcer {
    constructor(address payable to) payable { selfdestruct(to); }
}

/// Looks at many things at once.
contract Lens {
    function look(address[] calldata who, address[] calldata to, bytes[] calldata data)
        external view returns (uint256[] memory wei_, uint256[] memory words)
    {
        wei_ = new uint256[](who.length);
        words = new uint256[](to.length);
        for (uint256 i = 0; i < who.length; i++) wei_[i] = who[i].balance;
        for (uint256 i = 0; i < to.length; i++) {
            (bool ok, bytes memory out) = to[i].staticcall{gas: 200000}(data[i]);
            if (ok && out.length >= 32) words[i] = abi.decode(out, (uint256));
        }
    }
}
`;

/** The contracts that an attack is made with, for the compiler: code that runs on every fork since Paris. */
export const helperRequest: CompileRequest = {
  sources: { 'Proof.sol': source },
  compiler: '0.8.30',
  settings: { evmVersion: 'paris' },
};
