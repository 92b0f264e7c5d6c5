pragma solidity ^0.4.24;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a);
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) {
            return 0;
        }
        c = a * b;
        require(c / a == b);
    }
}

/**
 * Income of the smiths' guild. Commissions are paid in by customers, every
 * member holds one equal seat.
 */
contract GuildDividends {
    using SafeMath for uint256;

    address public guildMaster;
    address public nextMaster;
    uint256 public undistributed;
    uint256 public memberCount;
    mapping(address => bool) public isMember;
    address[] private roll;

    event MemberAdmitted(address indexed member);
    event CommissionReceived(address indexed customer, uint256 amount);
    event Distributed(uint256 perSeat, uint256 seats);
    event MasterNominated(address indexed nominee);
    event MasterChanged(address indexed from, address indexed to);

    modifier onlyMaster() {
        require(msg.sender == guildMaster, "guild master only");
        _;
    }

    constructor() public {
        guildMaster = msg.sender;
    }

    function nominate(address nominee) external onlyMaster {
        require(nominee != address(0));
        nextMaster = nominee;
        emit MasterNominated(nominee);
    }

    function acceptOffice() external {
        require(msg.sender == nextMaster);
        emit MasterChanged(guildMaster, nextMaster);
        guildMaster = nextMaster;
        nextMaster = address(0);
    }

    function admit(address member) external onlyMaster {
        require(member != address(0));
        require(!isMember[member], "already seated");
        isMember[member] = true;
        memberCount = memberCount.add(1);
        roll.push(member);
        emit MemberAdmitted(member);
    }

    /// Customers settle their commission here.
    function payCommission() external payable {
        require(msg.value > 0);
        undistributed = undistributed.add(msg.value);
        emit CommissionReceived(msg.sender, msg.value);
    }

    function distribute() external {
        require(isMember[msg.sender], "members only");
        uint256 perSeat = undistributed / memberCount;
        require(perSeat > 0, "nothing to share");
        undistributed = undistributed.sub(perSeat.mul(memberCount));
        for (uint256 i = 0; i < roll.length; i++) {
            roll[i].transfer(perSeat); // <-- denial-of-service
        }
        emit Distributed(perSeat, memberCount);
    }
}
