// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Water rights of allotment gardens, in litres
contract GardenWaterRights {
    enum Season { Winter, Spring, Summer, Autumn }

    address public immutable waterBoard;
    uint256 public reservoir;
    uint256 public granted;
    Season public season;
    mapping(address => uint256) public litresOf;
    mapping(address => uint256) public used;

    event Granted(address indexed gardener, uint256 litres);
    event Drawn(address indexed gardener, uint256 litres);
    event Passed(address indexed from, address indexed to, uint256 litres);
    event SeasonSet(Season season);

    modifier onlyBoard() {
        require(msg.sender == waterBoard, "not the board");
        _;
    }

    constructor(uint256 reservoir_) {
        require(reservoir_ < 1e18, "reservoir");
        waterBoard = msg.sender;
        reservoir = reservoir_;
    }

    function setSeason(uint8 number) external onlyBoard {
        require(number <= uint8(Season.Autumn), "season");
        season = Season(number);
        emit SeasonSet(season);
    }

    function grant(address gardener, uint256 litres) external onlyBoard {
        require(gardener != address(0), "gardener");
        require(litres <= reservoir - granted, "reservoir");
        granted += litres;
        litresOf[gardener] += litres;
        emit Granted(gardener, litres);
    }

    function draw(uint256 litres) external {
        require(season != Season.Winter, "frozen");
        require(litres > 0, "nothing");
        require(litresOf[msg.sender] - litres >= 0, "too much"); // <-- language-trap
        litresOf[msg.sender] -= litres;
        used[msg.sender] += litres;
        emit Drawn(msg.sender, litres);
    }

    /// @notice Passes a part of the own right on to a neighbour.
    function pass(address to, uint256 litres) external {
        require(to != address(0), "to");
        uint256 left = litresOf[msg.sender];
        require(left > 0 && litres >= 0, "too much"); // <-- language-trap
        litres = litres > left ? left : litres;
        litresOf[msg.sender] = left - litres;
        litresOf[to] += litres;
        emit Passed(msg.sender, to, litres);
    }
}
