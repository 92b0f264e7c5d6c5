// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @dev Knows the tickets of an event and how to give money back.
abstract contract RefundDesk {
    struct Ticket {
        address holder;
        uint128 paid;
        bool returned;
    }

    Ticket[] internal tickets;
    mapping(address => uint256) public credit;

    event Refunded(uint256 indexed ticket, address indexed holder, uint256 amount);
    event CreditDrawn(address indexed holder, uint256 amount);

    function drawCredit() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "no credit");
        credit[msg.sender] = 0;
        emit CreditDrawn(msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        require(ok, "payment failed");
    }

    function _refundRange(uint256 from, uint256 to) internal {
        for (uint256 i = from; i < to; i++) {
            Ticket storage t = tickets[i];
            if (t.returned) continue;
            t.returned = true;
            emit Refunded(i, t.holder, t.paid);
            credit[t.holder] += t.paid;
        }
    }
}

/// @title EventRefundDesk
/// @notice Sells tickets; if the event is called off all of them are refunded, page by page.
contract EventRefundDesk is RefundDesk {
    uint256 public constant PAGE = 25;

    address public immutable organiser;
    uint128 public immutable price;
    uint64 public immutable startsAt;
    uint32 public immutable capacity;
    bool public calledOff;
    bool public paidOut;
    uint256 public refundCursor;

    event TicketSold(uint256 indexed ticket, address indexed holder);
    event TicketMoved(uint256 indexed ticket, address indexed to);
    event CalledOff();
    event PaidOut(uint256 amount);

    modifier onlyOrganiser() {
        require(msg.sender == organiser, "organiser only");
        _;
    }

    constructor(uint128 price_, uint64 startsAt_, uint32 capacity_) {
        require(price_ > 0 && capacity_ > 0 && startsAt_ > block.timestamp, "bad event");
        organiser = msg.sender;
        price = price_;
        startsAt = startsAt_;
        capacity = capacity_;
    }

    function buy() external payable returns (uint256 ticket) {
        require(!calledOff && block.timestamp < startsAt, "no sale");
        require(tickets.length < capacity, "sold out");
        require(msg.value == price, "wrong price");
        ticket = tickets.length;
        tickets.push(Ticket(msg.sender, price, false));
        emit TicketSold(ticket, msg.sender);
    }

    function move(uint256 ticket, address to) external {
        Ticket storage t = tickets[ticket];
        require(t.holder == msg.sender && to != address(0), "not yours");
        require(!calledOff, "called off");
        t.holder = to;
        emit TicketMoved(ticket, to);
    }

    function callOff() external onlyOrganiser {
        require(!calledOff && block.timestamp < startsAt, "too late");
        calledOff = true;
        emit CalledOff();
    }

    /// @notice Works through the tickets in order; anybody may turn the page.
    function refundNextPage() external {
        require(calledOff, "not called off");
        uint256 from = refundCursor;
        uint256 to = from + PAGE;
        if (to > tickets.length) to = tickets.length;
        require(to > from, "all done");
        refundCursor = to;
        _refundRange(from, to);
    }

    function payOut() external onlyOrganiser {
        require(!calledOff && !paidOut && block.timestamp >= startsAt + 1 days, "not yet");
        paidOut = true;
        uint256 amount = tickets.length * price;
        emit PaidOut(amount);
        (bool ok, ) = payable(organiser).call{value: amount}("");
        require(ok, "payment failed");
    }
}
