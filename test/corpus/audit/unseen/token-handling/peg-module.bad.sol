// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20Metadata {
    function decimals() external view returns (uint8);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

contract Governed {
    address public governor;
    address public nextGovernor;

    event GovernorProposed(address indexed candidate);
    event GovernorChanged(address indexed previous, address indexed current);

    modifier onlyGovernor() {
        require(msg.sender == governor, "not governor");
        _;
    }

    constructor() {
        governor = msg.sender;
        emit GovernorChanged(address(0), msg.sender);
    }

    function proposeGovernor(address candidate) external onlyGovernor {
        nextGovernor = candidate;
        emit GovernorProposed(candidate);
    }

    function acceptGovernor() external {
        require(msg.sender == nextGovernor, "not candidate");
        emit GovernorChanged(governor, msg.sender);
        governor = msg.sender;
        nextGovernor = address(0);
    }
}
contract Crown {
    string public constant name = "Crown";
    string public constant symbol = "CRWN";
    uint8 public constant decimals = 18;
    address public immutable module;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;

    event Transfer(address indexed from, address indexed to, uint256 amount);

    constructor() {
        module = msg.sender;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        require(to != address(0), "Crown: zero");
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    function mint(address to, uint256 amount) external {
        require(msg.sender == module, "Crown: not module");
        require(to != address(0), "Crown: zero");
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function burn(address from, uint256 amount) external {
        require(msg.sender == module, "Crown: not module");
        balanceOf[from] -= amount;
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
    }
}

/// @notice Swaps listed dollar coins against Crown at par, up to a ceiling per coin.
contract PegModule is Governed {
    struct Coin {
        bool listed;
        bool paused;
        uint64 feeBps;
        uint256 scale;
        uint256 ceiling;
        uint256 backed;
    }

    uint64 public constant MAX_FEE_BPS = 100;
    Crown public immutable crown;
    mapping(address => Coin) public coins;
    uint256 public surplus;

    event CoinListed(address indexed coin, uint256 scale, uint256 ceiling, uint64 feeBps);
    event CoinPaused(address indexed coin, bool paused);
    event Minted(address indexed coin, address indexed to, uint256 coinIn, uint256 crownOut);
    event Redeemed(address indexed coin, address indexed to, uint256 crownIn, uint256 coinOut);
    event SurplusTaken(address indexed to, uint256 amount);

    constructor() {
        crown = new Crown();
    }

    function listCoin(address coin, uint256 ceiling, uint64 feeBps) external onlyGovernor {
        require(!coins[coin].listed, "already listed");
        require(feeBps <= MAX_FEE_BPS, "fee too high");
        uint8 d = IERC20Metadata(coin).decimals();
        require(d >= 6 && d <= 18, "decimals");
        uint256 scale = 10 ** (18 - d);
        coins[coin] = Coin(true, false, feeBps, scale, ceiling, 0);
        emit CoinListed(coin, scale, ceiling, feeBps);
    }

    function pauseCoin(address coin, bool paused) external onlyGovernor {
        coins[coin].paused = paused;
        emit CoinPaused(coin, paused);
    }

    function mint(address coin, uint256 amount, uint256 minOut) external returns (uint256 out) {
        Coin storage c = coins[coin];
        require(c.listed && !c.paused, "coin not open");
        uint256 value = amount * 1e12; // <-- token-handling
        uint256 fee = (value * c.feeBps) / 10_000;
        out = value - fee;
        require(out > 0 && out >= minOut, "slippage");
        c.backed += value;
        require(c.backed <= c.ceiling, "ceiling");
        surplus += fee;
        emit Minted(coin, msg.sender, amount, out);
        require(_pull(coin, amount), "pull failed");
        crown.mint(msg.sender, out);
    }

    function redeem(address coin, uint256 amount, uint256 minOut) external returns (uint256 out) {
        Coin storage c = coins[coin];
        require(c.listed && !c.paused, "coin not open");
        uint256 fee = (amount * c.feeBps) / 10_000;
        out = (amount - fee) / c.scale;
        require(out > 0 && out >= minOut, "slippage");
        c.backed -= out * c.scale;
        surplus += amount - out * c.scale;
        emit Redeemed(coin, msg.sender, amount, out);
        crown.burn(msg.sender, amount);
        require(_push(coin, msg.sender, out), "push failed");
    }

    /// @notice Fees are backed by coins but not yet issued; the governor may issue them.
    function takeSurplus(address to) external onlyGovernor {
        require(to != address(0), "zero to");
        uint256 amount = surplus;
        surplus = 0;
        emit SurplusTaken(to, amount);
        crown.mint(to, amount);
    }

    function _pull(address coin, uint256 amount) private returns (bool) {
        (bool ok, bytes memory r) = coin.call(
            abi.encodeWithSelector(IERC20Metadata.transferFrom.selector, msg.sender, address(this), amount)
        );
        return ok && (r.length == 0 || abi.decode(r, (bool)));
    }

    function _push(address coin, address to, uint256 amount) private returns (bool) {
        (bool ok, bytes memory r) = coin.call(abi.encodeWithSelector(IERC20Metadata.transfer.selector, to, amount));
        return ok && (r.length == 0 || abi.decode(r, (bool)));
    }
}
