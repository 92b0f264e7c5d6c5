// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/**
 * @title Savings circle
 * A set number of members each pays the same stake. When all have paid, the
 * circle is complete and the members draw the pot in the order of joining.
 */
contract SavingsCircle {
    uint256 public constant STAKE = 1 ether;

    address public founder;
    uint256 public size;
    uint256 public deadline;
    address payable[] public members;
    mapping(address => bool) public joined;
    mapping(address => uint256) public due;
    bool public complete;

    event Joined(address indexed member, uint256 place);
    event Completed(uint256 pot);
    event Drawn(address indexed member, uint256 amount);

    modifier whileOpen() {
        require(!complete && now < deadline, "not open");
        _;
    }

    constructor(uint256 _size, uint256 _days) public {
        require(_size > 1 && _size <= 20, "size");
        require(_days > 0 && _days <= 365, "days");
        founder = msg.sender;
        size = _size;
        deadline = now + _days * 1 days;
    }

    function join() external payable whileOpen {
        require(msg.value == STAKE, "stake");
        require(!joined[msg.sender], "member already");
        require(members.length < size, "full");
        joined[msg.sender] = true;
        members.push(msg.sender);
        due[msg.sender] = STAKE;
        emit Joined(msg.sender, members.length);
    }

    /// Anybody may declare the circle complete when the pot is full.
    function declareComplete() external whileOpen {
        require(members.length == size, "pot not full");
        complete = true;
        emit Completed(size * STAKE);
    }

    function draw() external {
        require(complete, "not complete");
        _pay(msg.sender);
    }

    /// If the circle was not completed in time everybody gets the stake back.
    function leave() external {
        require(!complete && now >= deadline + 7 days, "too early");
        _pay(msg.sender);
    }

    function _pay(address payable member) internal {
        uint256 amount = due[member];
        require(amount > 0, "nothing due");
        due[member] = 0;
        emit Drawn(member, amount);
        (bool ok, ) = member.call.value(amount)("");
        require(ok, "payment failed");
    }

    function memberCount() external view returns (uint256) {
        return members.length;
    }
}
