pragma solidity ^0.5.17;

/// The logic of the board behind the proxy: members vote on how the grain is shared.
contract BoardSetup {
    bool internal started;
    bool internal starting;

    modifier starter() {
        require(starting || !started, "already started");
        bool outermost = !starting;
        if (outermost) {
            starting = true;
            started = true;
        }
        _;
        if (outermost) {
            starting = false;
        }
    }
}

contract GrainBoard is BoardSetup {
    address public chair;
    uint256 public quorum;
    uint256 public motionCount;

    struct Motion {
        address payable to;
        uint256 amount;
        uint256 yes;
        bool paid;
    }

    mapping(address => bool) public member;
    mapping(uint256 => Motion) public motions;
    mapping(uint256 => mapping(address => bool)) public voted;

    event MemberSet(address indexed who, bool yes);
    event MotionMade(uint256 indexed id, address indexed to, uint256 amount);
    event MotionPaid(uint256 indexed id);

    constructor() public {
        started = true;
    }

    function() external payable {}

    function start(address chair_, uint256 quorum_) external starter {
        require(chair_ != address(0) && quorum_ > 1, "settings");
        chair = chair_;
        quorum = quorum_;
    }

    function setMember(address who, bool yes) external {
        require(msg.sender == chair, "only the chair");
        member[who] = yes;
        emit MemberSet(who, yes);
    }

    function move(address payable to, uint256 amount) external returns (uint256 id) {
        require(member[msg.sender], "only members");
        require(to != address(0), "to");
        id = ++motionCount;
        motions[id] = Motion(to, amount, 0, false);
        emit MotionMade(id, to, amount);
    }

    function vote(uint256 id) external {
        require(member[msg.sender] && !voted[id][msg.sender], "vote");
        require(id != 0 && id <= motionCount, "motion");
        voted[id][msg.sender] = true;
        motions[id].yes += 1;
    }

    function pay(uint256 id) external {
        Motion storage motion = motions[id];
        require(motion.to != address(0) && !motion.paid, "motion");
        require(motion.yes >= quorum, "quorum");
        motion.paid = true;
        emit MotionPaid(id);
        (bool ok, ) = motion.to.call.value(motion.amount)("");
        require(ok, "payment");
    }
}

contract GrainBoardProxy {
    bytes32 private constant LOGIC_SLOT = bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1);
   address private steward; // <-- delegatecall-proxy

    event Upgraded(address indexed logic);

    constructor(address logic, address steward_, bytes memory data) public {
        require(steward_ != address(0), "steward");
       steward = steward_;
        setLogic(logic);
        (bool ok, ) = logic.delegatecall(data);
        require(ok, "start");
    }

    function upgradeLogicTo(address logic) external {
       require(msg.sender == steward, "only the steward");
        setLogic(logic);
    }

    function setLogic(address logic) private {
        uint256 size;
        assembly {
            size := extcodesize(logic)
        }
        require(size > 0, "no code");
        put(LOGIC_SLOT, logic);
        emit Upgraded(logic);
    }

    function put(bytes32 slot, address value) private {
        assembly {
            sstore(slot, value)
        }
    }

    function get(bytes32 slot) private view returns (address value) {
        assembly {
            value := sload(slot)
        }
    }

    function() external payable {
        address logic = get(LOGIC_SLOT);
        assembly {
            calldatacopy(0, 0, calldatasize)
            let ok := delegatecall(gas, logic, 0, calldatasize, 0, 0)
            returndatacopy(0, 0, returndatasize)
            switch ok
                case 0 {
                    revert(0, returndatasize)
                }
                default {
                    return(0, returndatasize)
                }
        }
    }
}
