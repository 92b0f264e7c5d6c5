// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Running tabs of the guests of a bar; a tab may go below zero
contract TabAtTheBar {
    struct Tab {
        int256 standing;
        int256 floor;
        uint64 openedAt;
        bool open;
    }

    address public immutable landlord;
    int256 public outstanding;
    uint256 public till;
    mapping(address => Tab) public tabs;

    event TabOpened(address indexed guest, int256 floor);
    event Served(address indexed guest, uint256 price, int256 standing);
    event PaidIn(address indexed guest, uint256 amount, int256 standing);
    event TillEmptied(uint256 amount);

    error OnlyLandlord();
    error NoTab(address guest);
    error BelowFloor(int256 standing, int256 floor);

    modifier onlyLandlord() {
        if (msg.sender != landlord) revert OnlyLandlord();
        _;
    }

    constructor() {
        landlord = msg.sender;
    }

    function openTab(address guest, uint96 credit) external onlyLandlord {
        require(guest != address(0) && !tabs[guest].open, "guest");
        int256 floor = -int256(uint256(credit));
        tabs[guest] = Tab(0, floor, uint64(block.timestamp), true);
        emit TabOpened(guest, floor);
    }

    function serve(address guest, uint96 price) external onlyLandlord {
        int256 cost = int256(uint256(price));
        _charge(guest, cost);
        emit Served(guest, price, tabs[guest].standing);
    }

    function payIn() external payable {
        Tab storage tab = tabs[msg.sender];
        if (!tab.open) revert NoTab(msg.sender);
        require(msg.value > 0 && msg.value < 1e27, "amount");
        tab.standing += int256(msg.value);
        outstanding -= int256(msg.value);
        till += msg.value;
        emit PaidIn(msg.sender, msg.value, tab.standing);
    }

    function emptyTill(address payable to) external onlyLandlord {
        require(to != address(0), "to");
        uint256 amount = till;
        till = 0;
        emit TillEmptied(amount);
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment failed");
    }

    function _charge(address guest, int256 cost) internal {
        Tab storage tab = tabs[guest];
        if (!tab.open) revert NoTab(guest);
        if (tab.standing - cost < tab.floor) revert BelowFloor(tab.standing, tab.floor);
        tab.standing -= cost;
        outstanding += cost;
    }
}
