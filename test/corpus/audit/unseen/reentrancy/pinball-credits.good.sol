// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC777 {
    function balanceOf(address holder) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IERC1820Registry {
    function setInterfaceImplementer(address account, bytes32 interfaceHash, address implementer) external;
}

/// @title ArcadeCredits
/// @notice Players load an ERC-777 game coin and spend it at the machines of the arcade.
contract ArcadeCredits {
    IERC1820Registry private constant ERC1820 = IERC1820Registry(0x1820a4B7618BdE71Dce8cdc73aAB6C95905faD24);
    bytes32 private constant RECIPIENT_HASH = keccak256("ERC777TokensRecipient");

    IERC777 public immutable coin;
    address public immutable arcade;
    mapping(address => bool) public machine;
    mapping(address => uint256) public credit;
    uint256 public revenue;

    uint256 private _mutex;

    event Loaded(address indexed player, uint256 amount);
    event Played(address indexed player, address indexed machine, uint256 amount);
    event CashedOut(address indexed player, uint256 amount);
    event MachineSet(address indexed machine, bool active);
    event RevenueTaken(uint256 amount);

    modifier onlyArcade() {
        require(msg.sender == arcade, "ArcadeCredits: not arcade");
        _;
    }

    modifier mutex() {
        require(_mutex == 0, "ArcadeCredits: busy");
        _mutex = 1;
        _;
        _mutex = 0;
    }

    constructor(IERC777 coin_, address arcade_) {
        require(address(coin_) != address(0) && arcade_ != address(0), "ArcadeCredits: zero");
        coin = coin_;
        arcade = arcade_;
        ERC1820.setInterfaceImplementer(address(this), RECIPIENT_HASH, address(this));
    }

    function setMachine(address machine_, bool active) external onlyArcade {
        require(machine_ != address(0), "ArcadeCredits: zero machine");
        machine[machine_] = active;
        emit MachineSet(machine_, active);
    }

    /// @notice Coins may carry a burn on transfer, therefore what arrives is measured.
    function load(uint256 amount) external mutex {
        uint256 held = coin.balanceOf(address(this));
        require(coin.transferFrom(msg.sender, address(this), amount), "ArcadeCredits: pull");
        uint256 received = coin.balanceOf(address(this)) - held;
        require(received > 0, "ArcadeCredits: nothing received");
        credit[msg.sender] += received;
        emit Loaded(msg.sender, received);
    }

    function play(address player, uint256 amount) external {
        require(machine[msg.sender], "ArcadeCredits: not a machine");
        credit[player] -= amount;
        revenue += amount;
        emit Played(player, msg.sender, amount);
    }

    function cashOut(uint256 amount) external mutex {
        credit[msg.sender] -= amount;
        emit CashedOut(msg.sender, amount);
        require(coin.transfer(msg.sender, amount), "ArcadeCredits: push");
    }

    function takeRevenue() external onlyArcade mutex {
        uint256 amount = revenue;
        revenue = 0;
        emit RevenueTaken(amount);
        require(coin.transfer(arcade, amount), "ArcadeCredits: push");
    }

    /// @dev ERC-777 hook; coins sent past `load` are not accepted.
    function tokensReceived(address operator, address, address, uint256, bytes calldata, bytes calldata) external view {
        require(msg.sender == address(coin), "ArcadeCredits: other coin");
        require(operator == address(this), "ArcadeCredits: use load");
    }
}
