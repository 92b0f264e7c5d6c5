// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

library GuildMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a);
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }
}

/**
 * Members of the guild park their ether here and can take part of it out again
 * after a notice period. The master only decides who may join.
 */
contract GuildTreasury {
    using GuildMath for uint256;

    struct Member {
        bool admitted;
        uint256 stake;
        uint256 noticeAmount;
        uint256 noticeAt;
    }

    uint256 public constant NOTICE = 3 days;

    address public master;
    address public nextMaster;
    uint256 public totalStake;
    mapping(address => Member) public members;

    event Admitted(address indexed member);
    event Staked(address indexed member, uint256 amount);
    event NoticeGiven(address indexed member, uint256 amount);
    event Paid(address indexed member, uint256 amount);
    event MasterNamed(address indexed nextMaster);
    event MasterChanged(address indexed master);

    modifier onlyMaster() {
        require(msg.sender == master, "master only");
        _;
    }

    modifier onlyMember() {
        require(members[msg.sender].admitted, "members only");
        _;
    }

    constructor() public {
        master = msg.sender;
    }

    function admit(address who) external onlyMaster {
        require(who != address(0), "zero address");
        require(!members[who].admitted, "already in");
        members[who].admitted = true;
        emit Admitted(who);
    }

    function nameMaster(address who) external onlyMaster {
        nextMaster = who;
        emit MasterNamed(who);
    }

    function acceptMastership() external {
        require(msg.sender == nextMaster, "not named");
        master = msg.sender;
        nextMaster = address(0);
        emit MasterChanged(msg.sender);
    }

    function stake() external payable onlyMember {
        require(msg.value > 0, "nothing sent");
        members[msg.sender].stake = members[msg.sender].stake.add(msg.value);
        totalStake = totalStake.add(msg.value);
        emit Staked(msg.sender, msg.value);
    }

    function giveNotice(uint256 amount) external onlyMember {
        Member storage m = members[msg.sender];
        require(amount > 0 && amount <= m.stake, "amount");
        m.noticeAmount = amount;
        m.noticeAt = now;
        emit NoticeGiven(msg.sender, amount);
    }

    function takeOut() external onlyMember {
        Member storage m = members[msg.sender];
        require(m.noticeAmount > 0, "no notice");
        require(now >= m.noticeAt.add(NOTICE), "notice period");
        _payMember(msg.sender);
    }

    function _payMember(address who) internal {
        Member storage m = members[who];
        uint256 amount = m.noticeAmount;
        uint256 left = m.stake.sub(amount);
        require(who.call.value(amount)(), "payment failed"); // <-- reentrancy
        m.stake = left;
        m.noticeAmount = 0;
        totalStake = _sumWithout(amount);
        emit Paid(who, amount);
    }

    function _sumWithout(uint256 amount) private view returns (uint256) {
        return totalStake > amount ? totalStake - amount : 0;
    }
}
