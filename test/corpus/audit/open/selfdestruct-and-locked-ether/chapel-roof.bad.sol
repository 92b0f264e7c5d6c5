// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Ether collected for a roof: the builder is paid when the goal is reached, or all is given back
contract ChapelRoof {
    uint256 public immutable goal;
    uint256 public immutable deadline;
    address payable public immutable builder;

    mapping(address => uint256) public gifts;
    uint256 public collected;
    bool public built;

    event Given(address indexed who, uint256 amount);
    event GivenBack(address indexed who, uint256 amount);
    event Built(uint256 amount);

    modifier before() {
        require(block.timestamp < deadline, "over");
        _;
    }

    constructor(uint256 goal_, uint256 deadline_, address payable builder_) public {
        require(goal_ > 0 && builder_ != address(0), "terms");
        require(deadline_ > block.timestamp && deadline_ < block.timestamp + 365 days, "deadline");
        goal = goal_;
        deadline = deadline_;
        builder = builder_;
    }

    function give() external payable before {
        require(!built && msg.value > 0, "nothing");
        uint256 missing = goal - collected;
        uint256 kept = msg.value < missing ? msg.value : missing;
        require(kept > 0, "goal is reached");
        gifts[msg.sender] += kept;
        collected += kept;
        emit Given(msg.sender, kept);
        if (msg.value > kept) _pay(msg.sender, msg.value - kept);
    }

    function build() external {
        require(!built, "built");
        require(address(this).balance == goal, "goal is not reached"); // <-- selfdestruct-and-locked-ether
        built = true;
        emit Built(goal);
        _pay(builder, goal);
    }

    function takeBack() external {
        require(block.timestamp >= deadline, "not over");
        require(!built && collected < goal, "no refund");
        uint256 amount = gifts[msg.sender];
        require(amount > 0, "no gift");
        gifts[msg.sender] = 0;
        emit GivenBack(msg.sender, amount);
        _pay(msg.sender, amount);
    }

    function missingToGoal() external view returns (uint256) {
        return goal - collected;
    }

    function _pay(address payable to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment");
    }
}
