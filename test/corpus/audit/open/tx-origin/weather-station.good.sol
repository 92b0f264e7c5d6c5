// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Readings of a weather station, written by its keeper
contract WeatherStation {
    struct Reading {
        int16 celsius;
        uint16 humidity;
        uint64 takenAt;
    }

    uint256 private constant KEEP = 48;

    address public immutable institute;
    address public keeper;
    uint256 public count;
    mapping(uint256 => Reading) private readings;

    event ReadingTaken(uint256 indexed index, int16 celsius, uint16 humidity);
    event KeeperSet(address indexed keeper);

    modifier onlyInstitute() {
        address account;
        assembly {
            account := caller()
        }
        require(account == institute, "institute only");
        _;
    }

    modifier onlyKeeper() {
        require(msg.sender == keeper, "keeper only");
        _;
    }

    constructor(address keeper_) {
        require(keeper_ != address(0), "keeper");
        institute = msg.sender;
        keeper = keeper_;
    }

    function setKeeper(address next) external onlyInstitute {
        require(next != address(0), "keeper");
        keeper = next;
        emit KeeperSet(next);
    }

    function report(int16 celsius, uint16 humidity) external onlyKeeper {
        require(celsius > -900 && celsius < 700, "temperature");
        require(humidity <= 1000, "humidity");
        uint256 index = count;
        count = index + 1;
        readings[index % KEEP] = Reading(celsius, humidity, uint64(block.timestamp));
        emit ReadingTaken(index, celsius, humidity);
    }

    function latest() external view returns (int16 celsius, uint16 humidity, uint64 takenAt) {
        require(count > 0, "no reading");
        Reading storage r = readings[(count - 1) % KEEP];
        return (r.celsius, r.humidity, r.takenAt);
    }

    function average(uint256 last) external view returns (int256) {
        require(last > 0 && last <= KEEP && last <= count, "range");
        int256 sum;
        for (uint256 i = 0; i < last; i++) {
            sum += readings[(count - 1 - i) % KEEP].celsius;
        }
        return sum / int256(last);
    }
}
