// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Dividend ledger of a dairy cooperative
/// @notice Members hold balances in ether and may pass them on in batches, e.g. to farm hands.
contract CoopDividends {
    uint256 private constant MAX_BATCH = 100;

    address public immutable board;
    mapping(address => bool) public isMember;
    mapping(address => uint256) public balanceOf;

    event MemberAdded(address indexed member);
    event DividendPaid(address indexed member, uint256 amount);
    event Passed(address indexed from, address indexed to, uint256 amount);
    event CashedOut(address indexed member, uint256 amount);

    error OnlyBoard();
    error NotMember(address who);
    error BatchMismatch();
    error TooLittle(uint256 available, uint256 needed);
    error PaymentRefused();

    modifier onlyBoard() {
        if (msg.sender != board) revert OnlyBoard();
        _;
    }

    constructor() {
        board = msg.sender;
    }

    function addMember(address member) external onlyBoard {
        if (member == address(0)) revert NotMember(member);
        isMember[member] = true;
        emit MemberAdded(member);
    }

    function payDividend(address member) external payable onlyBoard {
        if (!isMember[member]) revert NotMember(member);
        balanceOf[member] += msg.value;
        emit DividendPaid(member, msg.value);
    }

    /// @notice Passes parts of the caller's balance on to several receivers.
    function passOn(address[] calldata receivers, uint256[] calldata amounts) external {
        uint256 count = receivers.length;
        if (count != amounts.length || count == 0 || count > MAX_BATCH) revert BatchMismatch();

        uint256 needed = _sum(amounts);
        uint256 available = balanceOf[msg.sender];
        if (available < needed) revert TooLittle(available, needed);
        unchecked {
            // covered by the comparison above
            balanceOf[msg.sender] = available - needed;
        }

        for (uint256 i = 0; i < count; ) {
            balanceOf[receivers[i]] += amounts[i];
            emit Passed(msg.sender, receivers[i], amounts[i]);
            unchecked {
                ++i;
            }
        }
    }

    function cashOut(uint256 amount) external {
        uint256 available = balanceOf[msg.sender];
        if (amount == 0 || available < amount) revert TooLittle(available, amount);
        unchecked {
            balanceOf[msg.sender] = available - amount;
        }
        emit CashedOut(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        if (!ok) revert PaymentRefused();
    }

    function _sum(uint256[] calldata values) private pure returns (uint256 total) {
        for (uint256 i = 0; i < values.length; ) {
            unchecked {
                total += values[i]; // <-- arithmetic
                ++i;
            }
        }
    }
}
