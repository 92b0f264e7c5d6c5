pragma solidity ^0.5.17;

contract Ruled {
    address internal ruler;

    event RulerChanged(address indexed before, address indexed current);

    constructor() internal {
        ruler = msg.sender;
    }

    modifier onlyRuler() {
        require(msg.sender == ruler, "only the ruler");
        _;
    }

    function isRuler(address who) public view returns (bool) {
        return who == ruler;
    }
}

contract Frozen is Ruled {
    bool public frozen;

    event FrozenSet(bool frozen);

    modifier notFrozen() {
        require(!frozen, "frozen");
        _;
    }

    function setFrozen(bool value) external onlyRuler {
        frozen = value;
        emit FrozenSet(value);
    }
}

/// The dyke's levy: owners of plots pay by their area, and the board spends it on the dyke.
contract LevyBoard is Frozen {
    struct Plot {
        address owner;
        uint128 area;
        uint64 paidUntil;
    }

    uint256 public constant YEAR = 365 days;

    address internal candidate;
    uint256 public levyPerArea;
    uint256 public plotCount;
    mapping(uint256 => Plot) public plots;

    event PlotEntered(uint256 indexed id, address indexed owner, uint128 area);
    event Paid(uint256 indexed id, uint256 amount, uint64 until);
    event Spent(address indexed to, uint256 amount, string purpose);
    event LevySet(uint256 perArea);

    constructor(uint256 perArea) public {
        require(perArea > 0 && perArea < 1 ether, "levy");
        levyPerArea = perArea;
    }

    function nominate(address who) external onlyRuler {
        require(who != address(0), "nobody");
        candidate = who;
    }

    /// The candidate takes the chair.
    function takeChair() external {
        require(msg.sender == candidate && candidate != address(0), "not nominated");
        candidate = address(0);
        emit RulerChanged(ruler, msg.sender);
        ruler = msg.sender;
    }

    function setLevy(uint256 perArea) external onlyRuler {
        require(perArea > 0 && perArea < 1 ether, "levy");
        levyPerArea = perArea;
        emit LevySet(perArea);
    }

    function enterPlot(address owner, uint128 area) external onlyRuler {
        require(owner != address(0) && area > 0, "plot");
        plotCount += 1;
        plots[plotCount] = Plot(owner, area, uint64(now));
        emit PlotEntered(plotCount, owner, area);
    }

    function levyOf(uint256 id) public view returns (uint256) {
        return levyPerArea * plots[id].area;
    }

    function pay(uint256 id) external payable notFrozen {
        Plot storage plot = plots[id];
        require(plot.owner != address(0), "unknown");
        require(msg.value == levyOf(id), "value");
        plot.paidUntil += uint64(YEAR);
        emit Paid(id, msg.value, plot.paidUntil);
    }

    function spend(address payable to, uint256 amount, string calldata purpose) external onlyRuler notFrozen {
        require(to != address(0), "to");
        emit Spent(to, amount, purpose);
        (bool ok, ) = to.call.value(amount)("");
        require(ok, "payment");
    }
}
