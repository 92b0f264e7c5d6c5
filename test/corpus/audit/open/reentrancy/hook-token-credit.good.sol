// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IERC777Like {
    function send(address to, uint256 amount, bytes calldata data) external;
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library Num {
    function plus(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "plus");
    }

    function minus(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "minus");
        return a - b;
    }
}

/// @title Credit of an ERC-777 token against ether, one token for two wei of pledge
contract HookTokenCredit {
    using Num for uint256;

    uint256 public constant RATIO = 2;

    IERC777Like public immutable token;
    address public immutable keeper;
    mapping(address => uint256) public pledge;
    mapping(address => uint256) public drawn;
    uint256 public totalDrawn;

    event PledgeAdded(address indexed who, uint256 amount);
    event PledgeReturned(address indexed who, uint256 amount);
    event Drawn(address indexed who, uint256 amount);
    event Settled(address indexed who, uint256 amount);

    modifier nonZero(uint256 amount) {
        require(amount > 0, "zero");
        _;
    }

    constructor(IERC777Like token_) public {
        require(address(token_) != address(0), "token");
        token = token_;
        keeper = msg.sender;
    }

    function takeTokens(uint256 amount) external {
        require(msg.sender == keeper, "keeper");
        token.send(keeper, amount, "");
    }

    function addPledge() external payable nonZero(msg.value) {
        pledge[msg.sender] = pledge[msg.sender].plus(msg.value);
        emit PledgeAdded(msg.sender, msg.value);
    }

    function headroom(address who) public view returns (uint256) {
        uint256 limit = pledge[who] / RATIO;
        return limit > drawn[who] ? limit - drawn[who] : 0;
    }

    function draw(uint256 amount) external nonZero(amount) {
        require(amount <= headroom(msg.sender), "headroom");
        drawn[msg.sender] = drawn[msg.sender].plus(amount);
        totalDrawn = totalDrawn.plus(amount);
        emit Drawn(msg.sender, amount);
        token.send(msg.sender, amount, "");
    }

    function settle(uint256 amount) external nonZero(amount) {
        drawn[msg.sender] = drawn[msg.sender].minus(amount);
        totalDrawn = totalDrawn.minus(amount);
        emit Settled(msg.sender, amount);
        require(token.transferFrom(msg.sender, address(this), amount), "token");
    }

    function takePledge(uint256 amount) external nonZero(amount) {
        pledge[msg.sender] = pledge[msg.sender].minus(amount);
        require(pledge[msg.sender] / RATIO >= drawn[msg.sender], "drawn");
        emit PledgeReturned(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }
}
