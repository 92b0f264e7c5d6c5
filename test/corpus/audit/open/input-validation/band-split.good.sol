// SPDX-License-Identifier: MIT
pragma solidity ^0.8.17;

/// @title Splits the income of a band among its players by shares in basis points
contract BandSplit {
    uint256 public constant WHOLE = 10_000;
    uint256 public constant MAX_PLAYERS = 12;

    struct Player {
        address account;
        uint16 points;
    }

    address public manager;
    uint256 public undivided;
    Player[] private _players;
    mapping(address => uint256) public due;

    event SplitSet(uint256 players);
    event PlayerSet(address indexed account, uint16 points);
    event Income(address indexed from, uint256 amount);
    event Divided(uint256 amount);
    event Taken(address indexed account, uint256 amount);
    event ManagerChanged(address indexed next);

    error NotManager();
    error BadSplit();
    error Nothing();
    error PayFailed();

    modifier onlyManager() {
        if (msg.sender != manager) revert NotManager();
        _;
    }

    constructor(address[] memory accounts, uint16[] memory points) {
        manager = msg.sender;
        _setSplit(accounts, points);
    }

    receive() external payable {
        undivided += msg.value;
        emit Income(msg.sender, msg.value);
    }

    /// @notice A new line-up; the income so far is divided by the old one first.
    function setSplit(address[] calldata accounts, uint16[] calldata points) external onlyManager {
        if (undivided > 0) divide();
        _setSplit(accounts, points);
    }

    /// @notice Book the income to the players, what is left by rounding stays for next time.
    function divide() public {
        uint256 amount = undivided;
        if (amount == 0) revert Nothing();
        uint256 booked = 0;
        for (uint256 i = 0; i < _players.length; i++) {
            uint256 part = (amount * _players[i].points) / WHOLE;
            due[_players[i].account] += part;
            booked += part;
        }
        undivided = booked < amount ? amount - booked : 0;
        emit Divided(booked);
    }

    function take() external {
        uint256 amount = due[msg.sender];
        if (amount == 0) revert Nothing();
        due[msg.sender] = 0;
        emit Taken(msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        if (!ok) revert PayFailed();
    }

    function changeManager(address next) external onlyManager {
        if (next == address(0)) revert NotManager();
        manager = next;
        emit ManagerChanged(next);
    }

    function playerAt(uint256 index) external view returns (Player memory) {
        return _players[index];
    }

    function _setSplit(address[] memory accounts, uint16[] memory points) internal {
        uint256 count = accounts.length;
        if (count == 0 || count > MAX_PLAYERS || count != points.length) revert BadSplit();
        delete _players;
        uint256 sum = 0;
        for (uint256 i = 0; i < count; i++) {
            if (accounts[i] == address(0) || points[i] == 0) revert BadSplit();
            _players.push(Player(accounts[i], points[i]));
            sum += points[i];
            emit PlayerSet(accounts[i], points[i]);
        }
        if (sum != WHOLE) revert BadSplit();
        emit SplitSet(count);
    }
}
