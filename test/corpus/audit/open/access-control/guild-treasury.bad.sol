// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Treasury of a game guild: members pay dues, the guild master pays the bills.
contract GuildTreasury {
    struct Member {
        bool active;
        uint256 paidTotal;
        uint256 joinedAt;
    }

    address public master;
    uint256 public dues;
    uint256 public memberCount;
    bool public closed;

    mapping(address => Member) public members;

    event MemberJoined(address indexed member, uint256 paid);
    event DuesPaid(address indexed member, uint256 amount);
    event DuesChanged(uint256 dues);
    event BillPaid(address indexed payee, uint256 amount, string memo);
    event MasterChanged(address indexed previous, address indexed next);
    event Closed();

    modifier onlyMaster() {
        require(msg.sender == master, "not the master");
        _;
    }

    modifier whenOpen() {
        require(!closed, "guild closed");
        _;
    }

    function GuildTresury() public { // <-- access-control
        master = msg.sender;
        dues = 0.1 ether;
        emit MasterChanged(address(0), msg.sender);
    }

    /// @notice Become a member by paying the dues of the first season.
    function join() external payable whenOpen {
        Member storage member = members[msg.sender];
        require(!member.active, "already in");
        require(msg.value == dues, "wrong dues");
        member.active = true;
        member.joinedAt = block.number;
        member.paidTotal = msg.value;
        memberCount += 1;
        emit MemberJoined(msg.sender, msg.value);
    }

    function payDues() external payable whenOpen {
        Member storage member = members[msg.sender];
        require(member.active, "not a member");
        require(msg.value == dues, "wrong dues");
        uint256 total = member.paidTotal + msg.value;
        require(total >= member.paidTotal, "overflow");
        member.paidTotal = total;
        emit DuesPaid(msg.sender, msg.value);
    }

    function leave() external {
        require(members[msg.sender].active, "not a member");
        members[msg.sender].active = false;
        memberCount -= 1;
    }

    function setDues(uint256 next) external onlyMaster {
        require(next > 0 && next <= 5 ether, "dues out of range");
        dues = next;
        emit DuesChanged(next);
    }

    /// @notice Pay a bill of the guild.
    function payBill(address payee, uint256 amount, string memo) external onlyMaster {
        require(payee != address(0), "no payee");
        require(amount > 0 && amount <= address(this).balance, "amount");
        emit BillPaid(payee, amount, memo);
        payee.transfer(amount);
    }

    function handOver(address next) external onlyMaster {
        require(next != address(0), "no master");
        emit MasterChanged(master, next);
        master = next;
    }

    function close() external onlyMaster {
        closed = true;
        emit Closed();
    }
}
