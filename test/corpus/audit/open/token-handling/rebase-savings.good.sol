// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @dev Staked ether: balances of all holders change each day with rewards and penalties, the
///      number of shares behind a balance does not.
interface IStakedEther {
    function balanceOf(address who) external view returns (uint256);

    function transfer(address to, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);

    function sharesOf(address who) external view returns (uint256);

    function transferShares(address to, uint256 shares) external returns (uint256 amount);
}

/// @title RebaseSavings
/// @notice Savings goals in staked ether. A goal is locked until its date; afterwards its owner
///         withdraws. Leaving early costs a part that is shared out by the steward to charities.
contract RebaseSavings {
    struct Goal {
        address owner;
        uint64 until;
        uint256 held;
        string name;
    }

    uint256 public constant EARLY_BPS = 200;

    IStakedEther public immutable staked;
    address public immutable steward;
    uint256 public goalCount;
    uint256 public charity;
    mapping(uint256 => Goal) public goals;
    bool private busy;

    event GoalSet(uint256 indexed goal, address indexed owner, uint64 until, string name);
    event Added(uint256 indexed goal, uint256 held);
    event Taken(uint256 indexed goal, uint256 held, bool early);
    event CharityPaid(address indexed to, uint256 held);

    modifier exclusive() {
        require(!busy, "busy");
        busy = true;
        _;
        busy = false;
    }

    constructor(IStakedEther staked_, address steward_) {
        require(address(staked_).code.length > 0 && steward_ != address(0), "bad setup");
        staked = staked_;
        steward = steward_;
    }

    function setGoal(string calldata name, uint64 until) external returns (uint256 goal) {
        require(until > block.timestamp && until < block.timestamp + 3650 days, "bad date");
        goal = ++goalCount;
        goals[goal] = Goal(msg.sender, until, 0, name);
        emit GoalSet(goal, msg.sender, until, name);
    }

    function add(uint256 goal, uint256 amount) external exclusive {
        Goal storage g = goals[goal];
        require(g.owner == msg.sender, "not your goal");
        uint256 before = staked.sharesOf(address(this));
        require(staked.transferFrom(msg.sender, address(this), amount), "pull failed");
        uint256 received = staked.sharesOf(address(this)) - before;
        require(received > 0, "nothing received");
        g.held += received;
        emit Added(goal, received);
    }

    function take(uint256 goal) external exclusive {
        Goal storage g = goals[goal];
        require(g.owner == msg.sender && g.held > 0, "nothing to take");
        uint256 held = g.held;
        bool early = block.timestamp < g.until;
        uint256 kept = early ? (held * EARLY_BPS) / 10_000 : 0;
        g.held = 0;
        charity += kept;
        emit Taken(goal, held - kept, early);
        _send(msg.sender, held - kept);
    }

    function payCharity(address to) external exclusive {
        require(msg.sender == steward && to != address(0), "steward only");
        uint256 held = charity;
        require(held > 0, "nothing collected");
        charity = 0;
        emit CharityPaid(to, held);
        _send(to, held);
    }

    function _send(address to, uint256 held) private {
        require(staked.transferShares(to, held) > 0, "push failed");
    }
}
