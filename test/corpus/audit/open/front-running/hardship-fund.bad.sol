// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Hardship fund of a trade union
/// @notice Each quarter the committee sets a sum aside; recognised members draw from it.
contract HardshipFund {
    struct Quarter {
        uint256 sum;
        uint256 claimUntil;
        uint256 claimants;
        uint256 left;
        uint256 drawn;
    }

    uint256 public constant CLAIM_PERIOD = 21 days;
    address public immutable committee;
    uint256 public quarterCount;
    uint256 public setAside;
    mapping(uint256 => Quarter) public quarters;
    mapping(address => bool) public recognised;
    mapping(uint256 => mapping(address => bool)) public hasClaimed;
    mapping(uint256 => mapping(address => bool)) public hasDrawn;

    event Donated(address indexed from, uint256 amount);
    event Recognised(address indexed member, bool recognised);
    event QuarterOpened(uint256 indexed id, uint256 sum);
    event Claimed(uint256 indexed id, address indexed member);
    event Drawn(uint256 indexed id, address indexed member, uint256 amount);

    error OnlyCommittee();
    error NotEntitled();
    error WrongTime();
    error NotEnough();

    modifier onlyCommittee() {
        if (msg.sender != committee) revert OnlyCommittee();
        _;
    }

    constructor() {
        committee = msg.sender;
    }

    receive() external payable {
        emit Donated(msg.sender, msg.value);
    }

    function recognise(address member, bool yes) external onlyCommittee {
        recognised[member] = yes;
        emit Recognised(member, yes);
    }

    function openQuarter(uint256 sum) external onlyCommittee returns (uint256 id) {
        if (sum == 0 || setAside + sum > address(this).balance) revert NotEnough();
        setAside += sum;
        id = ++quarterCount;
        quarters[id] = Quarter(sum, block.timestamp + CLAIM_PERIOD, 0, sum, 0);
        emit QuarterOpened(id, sum);
    }

    /// @notice Members in need put their names down within the claim period.
    function claim(uint256 id) external {
        Quarter storage q = quarters[id];
        if (!recognised[msg.sender] || hasClaimed[id][msg.sender]) revert NotEntitled();
        if (block.timestamp >= q.claimUntil) revert WrongTime();
        hasClaimed[id][msg.sender] = true;
        q.claimants += 1;
        emit Claimed(id, msg.sender);
    }

    /// @notice Draws the share of one claimant.
    function draw(uint256 id) external {
        Quarter storage q = quarters[id];
        if (!hasClaimed[id][msg.sender] || hasDrawn[id][msg.sender]) revert NotEntitled();
        if (block.timestamp >= q.claimUntil + 365 days) revert WrongTime();
        hasDrawn[id][msg.sender] = true;
        uint256 share = q.left / 2 + q.left / (2 * q.claimants); // <-- front-running
        q.left -= share;
        q.drawn += share;
        setAside -= share;
        emit Drawn(id, msg.sender, share);
        (bool ok, ) = msg.sender.call{value: share}("");
        require(ok, "payment refused");
    }

    /// @notice What nobody drew within a year is no longer set aside.
    function release(uint256 id) external onlyCommittee {
        Quarter storage q = quarters[id];
        if (q.sum == 0 || block.timestamp < q.claimUntil + 365 days) revert WrongTime();
        uint256 rest = q.left;
        q.left = 0;
        setAside -= rest;
    }
}
