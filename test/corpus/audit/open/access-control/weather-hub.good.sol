// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Hub where weather stations publish rainfall, read by crop insurance
contract WeatherHub {
    struct Station {
        address keeper;
        bool active;
        uint64 lastReport;
        uint128 rainfall;
    }

    address public chair;
    uint256 public stationCount;
    uint256 public minGap = 10 minutes;

    mapping(uint256 => Station) private _stations;

    event StationAdded(uint256 indexed id, address indexed keeper);
    event StationRetired(uint256 indexed id);
    event KeeperChanged(uint256 indexed id, address indexed keeper);
    event Reported(uint256 indexed id, uint128 rainfall);
    event ChairChanged(address indexed previous, address indexed next);
    event GapChanged(uint256 gap);

    modifier onlyChair() {
        require(msg.sender == chair, "chair only");
        _;
    }

    modifier onlyKeeper(uint256 id, address who) {
        require(_stations[id].active, "no such station");
        require(_stations[id].keeper == who, "keeper only");
        _;
    }

    constructor() {
        chair = msg.sender;
    }

    function addStation(address keeper) external onlyChair returns (uint256 id) {
        require(keeper != address(0), "no keeper");
        id = ++stationCount;
        _stations[id] = Station(keeper, true, 0, 0);
        emit StationAdded(id, keeper);
    }

    function retireStation(uint256 id) external onlyChair {
        require(_stations[id].active, "no such station");
        _stations[id].active = false;
        emit StationRetired(id);
    }

    /// @notice Publish the rainfall since the last report, in micrometres.
    function report(uint256 id, uint128 rainfall) external onlyKeeper(id, msg.sender) {
        Station storage station = _stations[id];
        require(block.timestamp >= uint256(station.lastReport) + minGap, "too soon");
        station.lastReport = uint64(block.timestamp);
        station.rainfall = rainfall;
        emit Reported(id, rainfall);
    }

    /// @notice Hand a station to the next keeper.
    function changeKeeper(uint256 id, address to) external onlyKeeper(id, msg.sender) {
        require(to != address(0), "no keeper");
        _stations[id].keeper = to;
        emit KeeperChanged(id, to);
    }

    function setMinGap(uint256 gap) external onlyChair {
        require(gap >= 1 minutes && gap <= 1 days, "gap out of range");
        minGap = gap;
        emit GapChanged(gap);
    }

    function changeChair(address next) external onlyChair {
        require(next != address(0), "no chair");
        emit ChairChanged(chair, next);
        chair = next;
    }

    function latest(uint256 id) external view returns (uint128 rainfall, uint64 at) {
        Station storage station = _stations[id];
        require(station.active && station.lastReport != 0, "nothing reported");
        return (station.rainfall, station.lastReport);
    }

    function keeperOf(uint256 id) external view returns (address) {
        return _stations[id].keeper;
    }
}
