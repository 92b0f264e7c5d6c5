// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title StableTuition
/// @notice Students enrol in courses whose fee is set in US dollars (18 decimals) and pay with one
///         of the dollar coins the school accepts.
contract StableTuition is ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Course {
        uint128 feeUsd;
        uint64 startsAt;
        uint32 seats;
        uint32 taken;
    }

    struct Enrolment {
        IERC20 coin;
        uint256 paid;
    }

    address public immutable school;
    mapping(address => uint256) public rateOf;
    mapping(uint256 => Course) public courses;
    mapping(uint256 => mapping(address => Enrolment)) public enrolments;
    mapping(uint256 => mapping(address => uint256)) public collected;
    uint256 public courseCount;

    event CoinSet(address indexed coin, uint256 rate);
    event CourseOpened(uint256 indexed course, uint128 feeUsd, uint64 startsAt, uint32 seats);
    event Enrolled(uint256 indexed course, address indexed student, address coin, uint256 amount);
    event Withdrawn(uint256 indexed course, address indexed student, uint256 amount);
    event FeesDrawn(uint256 indexed course, address coin, uint256 amount);

    modifier onlySchool() {
        require(msg.sender == school, "school only");
        _;
    }

    constructor(address school_) {
        require(school_ != address(0), "no school");
        school = school_;
    }

    /// @param rate dollars for one whole coin, 18 decimals; zero if the coin is not accepted any more
    function setCoin(address coin, uint256 rate) external onlySchool {
        require(coin.code.length > 0, "no coin");
        require(rate == 0 || (rate >= 0.9e18 && rate <= 1.1e18), "odd rate");
        rateOf[coin] = rate;
        emit CoinSet(coin, rate);
    }

    function openCourse(uint128 feeUsd, uint64 startsAt, uint32 seats) external onlySchool returns (uint256 course) {
        require(feeUsd > 0 && seats > 0 && startsAt > block.timestamp, "bad course");
        course = ++courseCount;
        courses[course] = Course(feeUsd, startsAt, seats, 0);
        emit CourseOpened(course, feeUsd, startsAt, seats);
    }

    function enrol(uint256 course, IERC20 coin, uint256 maxDue) external nonReentrant {
        Course storage c = courses[course];
        require(rateOf[address(coin)] != 0, "coin not accepted");
        require(block.timestamp < c.startsAt && c.taken < c.seats, "no seat");
        require(enrolments[course][msg.sender].paid == 0, "already enrolled");
        uint256 due = _dueIn(coin, c.feeUsd);
        require(due <= maxDue, "fee above limit");
        uint256 before = coin.balanceOf(address(this));
        coin.safeTransferFrom(msg.sender, address(this), due);
        require(coin.balanceOf(address(this)) - before == due, "short payment");
        c.taken += 1;
        enrolments[course][msg.sender] = Enrolment(coin, due);
        collected[course][address(coin)] += due;
        emit Enrolled(course, msg.sender, address(coin), due);
    }

    /// @notice Until the course starts a student may step back and gets everything back.
    function withdraw(uint256 course) external nonReentrant {
        Enrolment memory e = enrolments[course][msg.sender];
        require(e.paid > 0 && block.timestamp < courses[course].startsAt, "cannot withdraw");
        delete enrolments[course][msg.sender];
        courses[course].taken -= 1;
        collected[course][address(e.coin)] -= e.paid;
        emit Withdrawn(course, msg.sender, e.paid);
        e.coin.safeTransfer(msg.sender, e.paid);
    }

    function drawFees(uint256 course, IERC20 coin) external onlySchool nonReentrant {
        require(block.timestamp >= courses[course].startsAt, "not started");
        uint256 amount = collected[course][address(coin)];
        require(amount > 0, "no fees");
        collected[course][address(coin)] = 0;
        emit FeesDrawn(course, address(coin), amount);
        coin.safeTransfer(school, amount);
    }

    function _dueIn(IERC20 coin, uint256 usd) private view returns (uint256) {
        uint256 rate = rateOf[address(coin)];
        return (usd * 10 ** IERC20Metadata(address(coin)).decimals() + rate - 1) / rate;
    }
}
