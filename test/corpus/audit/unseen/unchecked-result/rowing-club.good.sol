pragma solidity ^0.4.24;

contract ClubStorage {
    address public secretary;
    address public rules;
    uint256 public memberCount;
    uint256 public yearFee;
    mapping(address => uint256) public memberUntil;

    event Joined(address indexed rower, uint256 until);
    event Expelled(address indexed rower);
    event FeesTaken(uint256 amount);
}

/// The rules of the club, run on the storage of the club itself.
contract ClubRules is ClubStorage {
    uint256 public constant MAX_MEMBERS = 120;

    function enrol() public {
        if (memberUntil[msg.sender] == 0) {
            require(memberCount < MAX_MEMBERS, "the club is full");
            memberCount += 1;
        }
        uint256 start = memberUntil[msg.sender] > now ? memberUntil[msg.sender] : now;
        require(start <= now + 60 days, "paid already");
        memberUntil[msg.sender] = start + 365 days;
        emit Joined(msg.sender, memberUntil[msg.sender]);
    }
}

contract RowingClub is ClubStorage {
    modifier onlySecretary() {
        require(msg.sender == secretary, "secretary only");
        _;
    }

    constructor(address _rules, uint256 _yearFee) public {
        require(_yearFee > 0, "fee");
        uint256 size;
        assembly {
            size := extcodesize(_rules)
        }
        require(size > 0, "no rules");
        secretary = msg.sender;
        rules = _rules;
        yearFee = _yearFee;
    }

    function join() external payable {
        require(msg.value == yearFee, "fee");
        bytes memory data = abi.encodeWithSignature("enrol()");
        require(rules.delegatecall(data), "not enrolled");
    }

    // Frees the place of a rower whose year has gone by.
    function strikeOff(address rower) external onlySecretary {
        require(memberUntil[rower] != 0 && memberUntil[rower] < now, "still a member");
        memberUntil[rower] = 0;
        memberCount -= 1;
        emit Expelled(rower);
    }

    function isMember(address rower) external view returns (bool) {
        return memberUntil[rower] >= now;
    }

    function takeFees() external onlySecretary {
        uint256 amount = address(this).balance;
        emit FeesTaken(amount);
        secretary.transfer(amount);
    }
}
