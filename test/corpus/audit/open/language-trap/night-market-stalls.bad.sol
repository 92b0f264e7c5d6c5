// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

abstract contract MarketHours {
    uint256 public opensAt;
    uint256 public closesAt;

    event HoursSet(uint256 opensAt, uint256 closesAt);

    error MarketClosed();

    modifier duringMarket() { if (isOpen()) { _; } } // <-- language-trap

    function isOpen() public view returns (bool) {
        return block.timestamp >= opensAt && block.timestamp < closesAt;
    }

    function _setHours(uint256 from, uint256 to) internal {
        require(from >= block.timestamp && from < to && to < from + 7 days, "hours");
        opensAt = from;
        closesAt = to;
        emit HoursSet(from, to);
    }
}

/// @title Stalls of a night market
contract NightMarketStalls is MarketHours {
    struct Stall {
        address trader;
        uint96 fee;
        uint64 marketDay;
    }

    uint256 public constant STALLS = 40;

    address public immutable warden;
    Stall[STALLS] private stalls;
    uint256 public fees;

    event StallTaken(uint256 indexed number, address indexed trader);
    event StallLeft(uint256 indexed number);
    event FeesTaken(uint256 amount);

    modifier onlyWarden() {
        require(msg.sender == warden, "warden");
        _;
    }

    constructor() {
        warden = msg.sender;
    }

    function setHours(uint256 from, uint256 to) external onlyWarden {
        _setHours(from, to);
    }

    function setFee(uint256 number, uint96 fee) external onlyWarden {
        require(!isOpen(), "market is open");
        stalls[number].fee = fee;
    }

    function takeStall(uint256 number) external payable duringMarket {
        Stall storage stall = stalls[number];
        uint64 day = uint64(opensAt);
        require(stall.marketDay != day, "taken");
        require(msg.value == stall.fee, "fee");
        stall.trader = msg.sender;
        stall.marketDay = day;
        fees += msg.value;
        emit StallTaken(number, msg.sender);
    }

    function leaveStall(uint256 number) external {
        require(stalls[number].trader == msg.sender, "trader");
        stalls[number].trader = address(0);
        stalls[number].marketDay = 0;
        emit StallLeft(number);
    }

    function takeFees(address payable to) external onlyWarden {
        require(to != address(0), "to");
        uint256 amount = fees;
        fees = 0;
        emit FeesTaken(amount);
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "transfer failed");
    }

    function stallInfo(uint256 number) external view returns (Stall memory) {
        return stalls[number];
    }
}
