// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/**
 * The village owns a solar field. Shareholders are admitted by the council (at most 40) and get
 * the revenue in equal parts.
 */
contract VillageDividend {
    uint256 public constant MAX_HOLDERS = 40;

    address public council;
    address[] public holders;
    mapping(address => bool) public isHolder;
    mapping(address => uint256) public owed;
    uint256 public undistributed;
    uint256 public rounds;

    event HolderAdmitted(address indexed holder);
    event Revenue(address indexed from, uint256 amount);
    event RoundPaid(uint256 indexed round, uint256 perHolder);
    event Drawn(address indexed holder, uint256 amount);

    modifier onlyCouncil() {
        require(msg.sender == council, "council only");
        _;
    }

    modifier onlyHolder() {
        require(isHolder[msg.sender], "holders only");
        _;
    }

    constructor() public {
        council = msg.sender;
    }

    function() external payable {
        undistributed = plus(undistributed, msg.value);
        emit Revenue(msg.sender, msg.value);
    }

    function admit(address holder) external onlyCouncil {
        require(holder != address(0), "no holder");
        require(!isHolder[holder], "already admitted");
        require(holders.length < MAX_HOLDERS, "register is full");
        isHolder[holder] = true;
        holders.push(holder);
        emit HolderAdmitted(holder);
    }

    function payRound() external onlyHolder {
        uint256 count = holders.length;
        uint256 perHolder = undistributed / count;
        require(perHolder > 0, "nothing to distribute");
        undistributed = undistributed - perHolder * count;
        rounds += 1;
        emit RoundPaid(rounds, perHolder);
        for (uint256 i = 0; i < count; i++) {
            _credit(holders[i], perHolder);
        }
    }

    function draw() external onlyHolder {
        uint256 amount = owed[msg.sender];
        require(amount > 0, "nothing owed");
        owed[msg.sender] = 0;
        emit Drawn(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function holderCount() external view returns (uint256) {
        return holders.length;
    }

    function _credit(address holder, uint256 amount) private {
        holder.transfer(amount); // <-- denial-of-service
    }

    function plus(uint256 a, uint256 b) private pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "overflow");
    }
}
