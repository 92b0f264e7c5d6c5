// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IWETH {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IPair {
    function token0() external view returns (address);
    function getReserves() external view returns (uint112 r0, uint112 r1, uint32 at);
    function price0CumulativeLast() external view returns (uint256);
}

/// @notice Average price of WETH in USDC (6 decimals) over at least half an hour.
contract PairAverage {
    uint32 public constant PERIOD = 30 minutes;
    uint256 public constant MAX_AGE = 3 hours;

    IPair public immutable pair;
    uint256 public lastCumulative;
    uint32 public lastAt;
    uint256 public updatedAt;
    uint256 public average;

    event Updated(uint256 average);

    constructor(IPair pair_, address weth) {
        require(pair_.token0() == weth, "weth must be token0");
        pair = pair_;
        (lastCumulative, lastAt) = _current();
    }

    function update() external {
        (uint256 cumulative, uint32 nowAt) = _current();
        unchecked {
            // the accumulators of the pair wrap around by design
            uint32 elapsed = nowAt - lastAt;
            require(elapsed >= PERIOD, "too early");
            average = (cumulative - lastCumulative) / elapsed;
        }
        lastCumulative = cumulative;
        lastAt = nowAt;
        updatedAt = block.timestamp;
        emit Updated(average);
    }

    function consult(uint256 wethAmount) external view returns (uint256) {
        require(average != 0 && block.timestamp - updatedAt <= MAX_AGE, "no fresh average");
        return (average * wethAmount) >> 112;
    }

    function _current() private view returns (uint256 cumulative, uint32 nowAt) {
        nowAt = uint32(block.timestamp % 2 ** 32);
        cumulative = pair.price0CumulativeLast();
        (uint112 r0, uint112 r1, uint32 at) = pair.getReserves();
        require(r0 != 0 && r1 != 0, "empty pair");
        unchecked {
            uint32 gap = nowAt - at;
            if (gap != 0) cumulative += uint256((uint224(r1) << 112) / r0) * gap;
        }
    }
}

/// @notice Debt positions in WETH; the dollar has 18 decimals.
contract EtherDollar {
    string public constant name = "Ether Dollar";
    string public constant symbol = "ETHD";
    uint8 public constant decimals = 18;

    uint256 public constant OPEN_RATIO = 160;
    uint256 public constant CLOSE_RATIO = 130;
    uint256 public constant BONUS = 110;
    uint256 public constant MIN_DEBT = 200e18;

    struct Position {
        uint256 collateral;
        uint256 debt;
    }

    IWETH public immutable weth;
    IPair public immutable pair;
    PairAverage public immutable oracle;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => Position) public positions;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event PositionChanged(address indexed account, uint256 collateral, uint256 debt);
    event Liquidated(address indexed account, address indexed by, uint256 repaid, uint256 seized);

    constructor(IWETH weth_, IPair pair_) {
        require(address(weth_) != address(0), "zero weth");
        weth = weth_;
        pair = pair_;
        oracle = new PairAverage(pair_, address(weth_));
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        require(to != address(0), "zero to");
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    function deposit(uint256 amount) external {
        Position storage p = positions[msg.sender];
        p.collateral += amount;
        emit PositionChanged(msg.sender, p.collateral, p.debt);
        require(weth.transferFrom(msg.sender, address(this), amount), "pull");
    }

    function mint(uint256 amount) external {
        Position storage p = positions[msg.sender];
        p.debt += amount;
        require(p.debt >= MIN_DEBT, "debt too small");
        uint256 value = oracle.consult(p.collateral) * 1e12;
        require(value * 100 >= p.debt * OPEN_RATIO, "undercollateralised");
        totalSupply += amount;
        balanceOf[msg.sender] += amount;
        emit Transfer(address(0), msg.sender, amount);
        emit PositionChanged(msg.sender, p.collateral, p.debt);
    }

    function repay(uint256 amount) external {
        Position storage p = positions[msg.sender];
        p.debt -= amount;
        require(p.debt == 0 || p.debt >= MIN_DEBT, "debt too small");
        _burn(msg.sender, amount);
        emit PositionChanged(msg.sender, p.collateral, p.debt);
    }

    function withdraw(uint256 amount) external {
        Position storage p = positions[msg.sender];
        p.collateral -= amount;
        if (p.debt != 0) {
            require(oracle.consult(p.collateral) * 1e14 >= p.debt * OPEN_RATIO, "undercollateralised");
        }
        emit PositionChanged(msg.sender, p.collateral, p.debt);
        require(weth.transfer(msg.sender, amount), "push");
    }

    /// @notice Pay the whole debt of an unsafe position for its collateral plus a bonus.
    function liquidate(address account) external {
        Position storage p = positions[account];
        uint256 debt = p.debt;
        uint256 value = oracle.consult(p.collateral) * 1e12;
        require(debt != 0 && value * 100 < debt * CLOSE_RATIO, "position is safe");
        uint256 seized = value == 0 ? p.collateral : (p.collateral * debt * BONUS) / (value * 100);
        if (seized > p.collateral) seized = p.collateral;
        p.debt = 0;
        p.collateral -= seized;
        _burn(msg.sender, debt);
        emit Liquidated(account, msg.sender, debt, seized);
        require(weth.transfer(msg.sender, seized), "push");
    }

    function _burn(address from, uint256 amount) private {
        balanceOf[from] -= amount;
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
    }
}
