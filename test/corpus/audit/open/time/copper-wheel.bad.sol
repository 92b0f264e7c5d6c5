// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Ten ether for those whom the wheel favours, from the stakes of all
contract CopperWheel {
    uint256 public constant STAKE = 1 ether;
    uint256 public constant PRIZE = 10 ether;

    address public owner;
    uint256 public lastSpin;
    uint256 public owed;
    mapping(address => uint256) public prizes;

    event Spun(address indexed who, bool won);
    event Collected(address indexed who, uint256 amount);
    event Funded(uint256 amount);

    modifier onlyOwner() {
        require(msg.sender == owner, "owner");
        _;
    }

    constructor() public payable {
        owner = msg.sender;
    }

    function fund() external payable onlyOwner {
        emit Funded(msg.value);
    }

    function spin() external payable {
        require(msg.value == STAKE, "stake");
        require(address(this).balance >= owed + PRIZE, "empty");
        require(block.number > lastSpin, "one in a block");
        lastSpin = block.number;
        bool won = now % 15 == 0; // <-- time
        if (won) {
            prizes[msg.sender] += PRIZE;
            owed += PRIZE;
        }
        emit Spun(msg.sender, won);
    }

    function collect() external {
        uint256 amount = prizes[msg.sender];
        require(amount > 0, "nothing");
        prizes[msg.sender] = 0;
        owed -= amount;
        emit Collected(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function isOpen() external view returns (bool) {
        return address(this).balance >= owed + PRIZE;
    }

    function withdraw(uint256 amount) external onlyOwner {
        require(amount <= address(this).balance, "balance");
        require(address(this).balance - amount >= owed, "owed");
        msg.sender.transfer(amount);
    }
}
