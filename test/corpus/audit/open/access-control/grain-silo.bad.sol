// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Warehouse receipts for grain in a shared silo
/// @notice Weighers book grain in and out, holders pass receipts on.
contract GrainSilo {
    enum Duty {
        None,
        Weigher,
        Inspector,
        Head
    }

    struct Lot {
        address holder;
        uint96 kilos;
        uint8 grade;
        bool blocked;
    }

    uint256 public immutable capacity;
    uint256 public stored;
    uint256 public lotCount;

    mapping(address => Duty) public dutyOf;
    mapping(uint256 => Lot) public lots;

    event DutyAssigned(address indexed who, Duty duty);
    event LotBooked(uint256 indexed id, address indexed holder, uint96 kilos, uint8 grade);
    event LotPassed(uint256 indexed id, address indexed from, address indexed to);
    event LotGraded(uint256 indexed id, uint8 grade);
    event LotReleased(uint256 indexed id, uint96 kilos);

    error Unauthorised(address who);
    error UnknownLot(uint256 id);
    error Full();
    error BadInput();

    constructor(uint256 capacity_) {
        if (capacity_ == 0) revert BadInput();
        capacity = capacity_;
        dutyOf[msg.sender] = Duty.Head;
        emit DutyAssigned(msg.sender, Duty.Head);
    }

    function assign(address who, Duty duty) external {
        _need(Duty.Head);
        if (who == address(0) || who == msg.sender) revert BadInput();
        dutyOf[who] = duty;
        emit DutyAssigned(who, duty);
    }

    function book(address holder, uint96 kilos, uint8 grade) external returns (uint256 id) {
        _need(Duty.Weigher);
        if (holder == address(0) || kilos == 0 || grade > 5) revert BadInput();
        if (stored + kilos > capacity) revert Full();
        stored += kilos;
        id = ++lotCount;
        lots[id] = Lot(holder, kilos, grade, false);
        emit LotBooked(id, holder, kilos, grade);
    }

    function pass(uint256 id, address to) external {
        Lot storage lot = _lot(id);
        if (msg.sender != lot.holder || lot.blocked) revert Unauthorised(msg.sender);
        if (to == address(0) || to == msg.sender) revert BadInput();
        lot.holder = to;
        emit LotPassed(id, msg.sender, to);
    }

    /// @notice A second look at the grain may change its grade.
    function regrade(uint256 id, uint8 grade, bool blocked) external {
        _has(Duty.Inspector); // <-- access-control
        Lot storage lot = _lot(id);
        if (grade > 5) revert BadInput();
        lot.grade = grade;
        lot.blocked = blocked;
        emit LotGraded(id, grade);
    }

    /// @notice The grain has left the silo.
    function bookOut(uint256 id) external {
        Lot storage lot = _lot(id);
        if (lot.blocked) revert BadInput();
        if (!_has(Duty.Weigher) && lot.holder == address(0)) revert Unauthorised(msg.sender); // <-- access-control
        uint96 kilos = lot.kilos;
        stored -= kilos;
        delete lots[id];
        emit LotReleased(id, kilos);
    }

    function _need(Duty duty) internal view {
        if (!_has(duty)) revert Unauthorised(msg.sender);
    }

    function _has(Duty duty) internal view returns (bool) {
        Duty own = dutyOf[msg.sender];
        return own == duty || own == Duty.Head;
    }

    function _lot(uint256 id) internal view returns (Lot storage lot) {
        lot = lots[id];
        if (lot.holder == address(0)) revert UnknownLot(id);
    }
}
