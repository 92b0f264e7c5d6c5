// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Advance payment of invoices
/// @notice Amounts are in the smallest unit of a euro token with two decimals.
contract InvoiceFactoring {
    using SafeERC20 for IERC20;

    enum State { None, Advanced, Settled }

    struct Invoice {
        address supplier;
        address debtor;
        uint256 faceValue;
        uint64 advancedAt;
        State state;
    }

    uint256 private constant BPS = 10_000;
    uint256 public constant FEE_BPS = 150;
    uint256 public constant INTEREST_BPS = 900;
    uint256 public constant MAX_FACE_VALUE = 100_000_000_00;

    IERC20 public immutable euro;
    address public immutable desk;
    uint256 public nextId = 1;
    mapping(uint256 => Invoice) public invoices;

    event Advanced(uint256 indexed id, address indexed supplier, uint256 paidOut);
    event Settled(uint256 indexed id, address indexed debtor, uint256 paidIn);
    event Drawn(uint256 amount);

    modifier onlyDesk() {
        require(msg.sender == desk, "only the desk");
        _;
    }

    constructor(IERC20 euro_) {
        require(address(euro_) != address(0), "no token");
        euro = euro_;
        desk = msg.sender;
    }

    /// @notice The desk has checked the paper and advances its face value less the fee.
    function advance(address supplier, address debtor, uint256 faceValue) external onlyDesk returns (uint256 id) {
        require(supplier != address(0) && debtor != address(0), "no party");
        require(faceValue >= 1_00 && faceValue <= MAX_FACE_VALUE, "face value out of range");
        id = nextId++;
        invoices[id] = Invoice(supplier, debtor, faceValue, uint64(block.timestamp), State.Advanced);
        uint256 paidOut = faceValue - _fee(faceValue);
        emit Advanced(id, supplier, paidOut);
        euro.safeTransfer(supplier, paidOut);
    }

    /// @notice The debtor pays the face value plus interest for the time taken.
    function settle(uint256 id) external {
        Invoice storage invoice = invoices[id];
        require(invoice.state == State.Advanced, "not open");
        require(invoice.debtor == msg.sender, "not the debtor");
        invoice.state = State.Settled;
        uint256 paidIn = invoice.faceValue + _interest(invoice.faceValue, block.timestamp - invoice.advancedAt);
        emit Settled(id, msg.sender, paidIn);
        euro.safeTransferFrom(msg.sender, address(this), paidIn);
    }

    function draw(uint256 amount) external onlyDesk {
        emit Drawn(amount);
        euro.safeTransfer(desk, amount);
    }

    function owed(uint256 id) external view returns (uint256) {
        Invoice storage invoice = invoices[id];
        if (invoice.state != State.Advanced) return 0;
        return invoice.faceValue + _interest(invoice.faceValue, block.timestamp - invoice.advancedAt);
    }

    function _fee(uint256 faceValue) internal pure returns (uint256) {
        return faceValue / BPS * FEE_BPS; // <-- arithmetic
    }

    function _interest(uint256 faceValue, uint256 elapsed) internal pure returns (uint256) {
        uint256 perYear = Calc.divUp(faceValue * INTEREST_BPS, BPS);
        return perYear / 365 days * elapsed; // <-- arithmetic
    }
}

library Calc {
    function divUp(uint256 a, uint256 b) internal pure returns (uint256) {
        return a == 0 ? 0 : (a - 1) / b + 1;
    }
}
