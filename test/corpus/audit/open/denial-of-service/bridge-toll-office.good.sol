// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title BridgeTollOffice
/// @notice Toll stations pay in during a shift. A shift is closed when everything is accounted for,
///         then the takings belong to the district.
contract BridgeTollOffice {
    struct Shift {
        uint256 cars;
        uint256 takings;
        bool closed;
    }

    uint256 public constant CAR_TOLL = 0.002 ether;

    address public immutable warden;
    address payable public immutable district;
    uint256 public currentShift = 1;
    uint256 public accounted;
    uint256 public districtDue;
    mapping(uint256 => Shift) public shifts;
    mapping(address => bool) public stations;

    event StationSet(address indexed station, bool active);
    event TollPaid(uint256 indexed shift, address indexed station, uint256 cars);
    event ShiftClosed(uint256 indexed shift, uint256 cars, uint256 takings);
    event TakingsMoved(uint256 amount);

    modifier onlyWarden() {
        require(msg.sender == warden, "warden only");
        _;
    }

    constructor(address payable district_) public {
        require(district_ != address(0), "no district");
        warden = msg.sender;
        district = district_;
    }

    function setStation(address station, bool active) external onlyWarden {
        require(station != address(0), "no station");
        stations[station] = active;
        emit StationSet(station, active);
    }

    /// @notice A station pays the toll of up to a thousand cars at a time.
    function payToll(uint256 cars) external payable {
        require(stations[msg.sender], "stations only");
        require(cars > 0 && cars <= 1000, "cars");
        require(msg.value == cars * CAR_TOLL, "wrong toll");
        Shift storage s = shifts[currentShift];
        s.cars += cars;
        s.takings += msg.value;
        accounted += msg.value;
        emit TollPaid(currentShift, msg.sender, cars);
    }

    function closeShift() external onlyWarden {
        Shift storage s = shifts[currentShift];
        require(s.cars > 0, "empty shift");
        require(address(this).balance >= accounted, "books do not match");
        s.closed = true;
        emit ShiftClosed(currentShift, s.cars, s.takings);
        currentShift += 1;
        districtDue += s.takings;
    }

    function averageToll(uint256 shift) external view returns (uint256) {
        Shift storage s = shifts[shift];
        return s.cars == 0 ? 0 : s.takings / s.cars;
    }

    function drawTakings() external {
        require(msg.sender == district, "district only");
        uint256 amount = districtDue;
        districtDue = 0;
        accounted -= amount;
        emit TakingsMoved(amount);
        (bool ok, ) = district.call{value: amount}("");
        require(ok, "district refused");
    }
}
