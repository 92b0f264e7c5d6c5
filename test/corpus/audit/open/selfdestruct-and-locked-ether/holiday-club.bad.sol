// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Club that saves for a holiday and is wound up after it
contract HolidayClub {
    address public treasurer;
    uint256 public endsAt;
    uint256 public saved;
    mapping(address => uint256) public savings;

    event Saved(address indexed who, uint256 amount);
    event TakenOut(address indexed who, uint256 amount);
    event TreasurerChanged(address indexed next);

    modifier onlyTreasurer() {
        require(msg.sender == treasurer, "treasurer");
        _;
    }

    modifier whileOpen() {
        require(now < endsAt, "season is over");
        _;
    }

    constructor(uint256 length) public {
        require(length >= 30 days && length <= 400 days, "length");
        treasurer = msg.sender;
        endsAt = now + length;
    }

    function save() external payable whileOpen {
        require(msg.value > 0, "nothing");
        savings[msg.sender] += msg.value;
        saved += msg.value;
        emit Saved(msg.sender, msg.value);
    }

    function takeOut(uint256 amount) external {
        require(amount > 0 && amount <= savings[msg.sender], "amount");
        savings[msg.sender] -= amount;
        saved -= amount;
        emit TakenOut(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function takeAllOut() external {
        uint256 amount = savings[msg.sender];
        require(amount > 0, "nothing");
        savings[msg.sender] = 0;
        saved -= amount;
        emit TakenOut(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function changeTreasurer(address next) external onlyTreasurer {
        require(next != address(0), "next");
        treasurer = next;
        emit TreasurerChanged(next);
    }

    function windUp() external {
        require(now >= endsAt + 90 days, "too early");
        selfdestruct(msg.sender); // <-- selfdestruct-and-locked-ether
    }

    function daysLeft() external view returns (uint256) {
        return now >= endsAt ? 0 : (endsAt - now) / 1 days;
    }
}
