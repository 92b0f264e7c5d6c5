// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

contract Governed {
    address private _governor;

    event GovernorChanged(address indexed previous, address indexed next);

    constructor() public {
        _governor = msg.sender;
        emit GovernorChanged(address(0), msg.sender);
    }

    modifier onlyGovernor() {
        require(_governor == msg.sender, "Governed: caller");
        _;
    }

    function governor() public view returns (address) {
        return _governor;
    }

    function changeGovernor(address next) external onlyGovernor {
        require(next != address(0), "Governed: zero");
        emit GovernorChanged(_governor, next);
        _governor = next;
    }
}

abstract contract Mintable is Governed {
    mapping(address => bool) public minters;

    event MinterSet(address indexed minter, bool enabled);

    function setMinter(address minter, bool enabled) public virtual onlyGovernor {
        minters[minter] = enabled;
        emit MinterSet(minter, enabled);
    }
}

/// @title Token that arcade machines hand out as prizes
contract ArcadeToken is Mintable {
    string public constant name = "Arcade Token";
    string public constant symbol = "ARC";
    uint8 public constant decimals = 18;
    uint256 public constant MAX_MACHINES = 32;

    uint256 public totalSupply;
    uint256 public machines;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @dev counts the machines, there is only floor space for so many
    function setMinter(address minter, bool enabled) public override onlyGovernor {
        require(minter != address(0), "zero minter");
        require(minters[minter] != enabled, "unchanged");
        if (enabled) {
            require(machines < MAX_MACHINES, "floor is full");
            machines = machines + 1;
        } else {
            machines = machines - 1;
        }
        minters[minter] = enabled;
        emit MinterSet(minter, enabled);
    }

    function mint(address to, uint256 value) external {
        require(minters[msg.sender], "not a machine");
        require(to != address(0), "zero to");
        totalSupply = _add(totalSupply, value);
        balanceOf[to] = _add(balanceOf[to], value);
        emit Transfer(address(0), to, value);
    }

    function burn(uint256 value) external {
        balanceOf[msg.sender] = _sub(balanceOf[msg.sender], value);
        totalSupply = _sub(totalSupply, value);
        emit Transfer(msg.sender, address(0), value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] = _sub(allowance[from][msg.sender], value);
        _move(from, to, value);
        return true;
    }

    function _move(address from, address to, uint256 value) internal {
        require(to != address(0), "zero to");
        balanceOf[from] = _sub(balanceOf[from], value);
        balanceOf[to] = _add(balanceOf[to], value);
        emit Transfer(from, to, value);
    }

    function _add(uint256 a, uint256 b) private pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "overflow");
    }

    function _sub(uint256 a, uint256 b) private pure returns (uint256) {
        require(b <= a, "underflow");
        return a - b;
    }
}
