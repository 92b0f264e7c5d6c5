// SPDX-License-Identifier: MIT
pragma solidity ^0.8.21;

interface ICoin {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);

    function balanceOf(address who) external view returns (uint256);
}

/// @title Lets members bundle several errands into one transaction
/// @notice Members approve the batcher for the club's coin, it pays the fee of each errand.
contract ErrandBatcher {
    struct Errand {
        address target;
        bytes4 selector;
        bytes args;
    }

    ICoin public immutable coin;
    address public immutable till;
    address public warden;
    uint256 public fee;
    uint256 public constant MAX_FEE = 5 ether;
    uint256 public constant MAX_BATCH = 16;

    mapping(address => bool) public members;
    mapping(address => mapping(bytes4 => bool)) public allowed;
    uint256 private _entered = 1;

    event MemberSet(address indexed member, bool enabled);
    event ErrandAllowed(address indexed target, bytes4 indexed selector, bool enabled);
    event FeeSet(uint256 fee);
    event BatchRun(address indexed member, uint256 count);

    error NotWarden();
    error NotMember();
    error BadBatch();
    error ErrandRefused(uint256 index);
    error ErrandFailed(uint256 index);
    error FeeUnpaid();
    error Busy();

    modifier onlyWarden() {
        if (msg.sender != warden) revert NotWarden();
        _;
    }

    modifier lock() {
        if (_entered != 1) revert Busy();
        _entered = 2;
        _;
        _entered = 1;
    }

    constructor(ICoin coin_, address till_) {
        if (address(coin_) == address(0) || till_ == address(0)) revert BadBatch();
        coin = coin_;
        till = till_;
        warden = msg.sender;
    }

    function setMember(address member, bool enabled) external onlyWarden {
        members[member] = enabled;
        emit MemberSet(member, enabled);
    }

    function setFee(uint256 next) external onlyWarden {
        if (next > MAX_FEE) revert BadBatch();
        fee = next;
        emit FeeSet(next);
    }

    function allow(address target, bytes4 selector, bool enabled) external onlyWarden {
        if (target == address(coin) || target == address(this)) revert BadBatch();
        allowed[target][selector] = enabled;
        emit ErrandAllowed(target, selector, enabled);
    }

    function runBatch(Errand[] calldata errands) external lock {
        uint256 count = errands.length;
        if (count == 0 || count > MAX_BATCH) revert BadBatch();
        if (!members[msg.sender]) revert NotMember();
        if (fee > 0 && !coin.transferFrom(msg.sender, till, fee * count)) revert FeeUnpaid();
        for (uint256 i = 0; i < count; i++) {
            _check(i, errands[i].target, errands[i].selector);
            _run(i, errands[i]);
        }
        emit BatchRun(msg.sender, count);
    }

    function _check(uint256 index, address target, bytes4 selector) private view {
        bool known = allowed[target][selector] || target.code.length > 0;
        if (!known || target == address(this)) revert ErrandRefused(index);
    }

    function _run(uint256 index, Errand calldata errand) private {
        (bool ok, ) = errand.target.call(abi.encodePacked(errand.selector, errand.args)); // <-- arbitrary-call
        if (!ok) revert ErrandFailed(index);
    }
}
