// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title A family's purse: the head pays, the children have allowances
contract OrchardPurse {
    address public head;
    mapping(address => uint256) public allowanceOf;
    mapping(address => uint256) public drawnAt;

    event Filled(address indexed from, uint256 amount);
    event Paid(address indexed to, uint256 amount);
    event AllowanceSet(address indexed child, uint256 amount);
    event HeadChanged(address indexed next);

    modifier onlyHead() {
        require(msg.sender == head, "head");
        _;
    }

    constructor() public payable {
        head = msg.sender;
    }

    function() external payable {
        emit Filled(msg.sender, msg.value);
    }

    function setAllowance(address child, uint256 amount) external onlyHead {
        require(child != address(0) && amount <= 10 ether, "allowance");
        allowanceOf[child] = amount;
        emit AllowanceSet(child, amount);
    }

    function draw() external {
        uint256 amount = allowanceOf[msg.sender];
        require(amount > 0, "no allowance");
        require(now >= drawnAt[msg.sender] + 7 days, "once a week");
        drawnAt[msg.sender] = now;
        emit Paid(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function pay(address to, uint256 amount) external {
        require(msg.sender == head, "head");
        require(to != address(0) && amount <= address(this).balance, "payment");
        emit Paid(to, amount);
        to.transfer(amount);
    }

    function changeHead(address next) external onlyHead {
        require(next != address(0), "next");
        head = next;
        emit HeadChanged(next);
    }

    function nextDraw(address child) external view returns (uint256) {
        uint256 last = drawnAt[child];
        return last == 0 ? now : last + 7 days;
    }

    function balance() external view returns (uint256) {
        return address(this).balance;
    }
}
