// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IDividendToken {
    function balanceOf(address who) external view returns (uint256);
}

/// @dev Moves tokens of any make; tells the outcome and never reverts by itself.
library TokenMover {
    function push(address token, address to, uint256 amount) internal returns (bool) {
        return _run(token, abi.encodeWithSelector(0xa9059cbb, to, amount));
    }

    function pull(address token, address from, uint256 amount) internal returns (bool) {
        return _run(token, abi.encodeWithSelector(0x23b872dd, from, address(this), amount));
    }

    function _run(address token, bytes memory data) private returns (bool) {
        uint256 size;
        assembly {
            size := extcodesize(token)
        }
        if (size == 0) return false;
        (bool ok, bytes memory ret) = token.call(data);
        return ok && (ret.length == 0 || abi.decode(ret, (bool)));
    }
}

/// @title CoopDividends
/// @notice Members of a cooperative hold units; dividends in one token are spread by unit.
contract CoopDividends {
    using TokenMover for address;

    uint256 private constant SCALE = 1e18;

    address public immutable token;
    address public immutable board;
    uint256 public totalUnits;
    uint256 public perUnit;
    bool private locked;

    mapping(address => uint256) public unitsOf;
    mapping(address => uint256) private seenPerUnit;
    mapping(address => uint256) public owed;

    event UnitsIssued(address indexed member, uint256 units);
    event DividendAdded(uint256 amount);
    event DividendDrawn(address indexed member, uint256 amount);

    modifier once() {
        require(!locked, "busy");
        locked = true;
        _;
        locked = false;
    }

    modifier onlyBoard() {
        require(msg.sender == board, "board only");
        _;
    }

    constructor(address token_) {
        require(token_ != address(0), "no token");
        token = token_;
        board = msg.sender;
    }

    function issue(address member, uint256 units) external onlyBoard once {
        require(member != address(0) && units > 0 && units <= 1e9, "bad issue");
        _sync(member);
        unitsOf[member] += units;
        totalUnits += units;
        emit UnitsIssued(member, units);
    }

    function addDividend(uint256 amount) external onlyBoard once {
        require(totalUnits > 0, "no units");
        uint256 before = IDividendToken(token).balanceOf(address(this));
        require(token.pull(msg.sender, amount), "pull failed");
        uint256 balance = IDividendToken(token).balanceOf(address(this));
        require(balance >= before && balance - before <= 1e50, "bad amount");
        perUnit += ((balance - before) * SCALE) / totalUnits;
        emit DividendAdded(balance - before);
    }

    function draw() external once {
        _sync(msg.sender);
        uint256 amount = owed[msg.sender];
        require(amount > 0, "nothing owed");
        owed[msg.sender] = 0;
        emit DividendDrawn(msg.sender, amount);
        require(token.push(msg.sender, amount), "push failed");
    }

    function _sync(address member) private {
        uint256 delta = perUnit - seenPerUnit[member];
        seenPerUnit[member] = perUnit;
        owed[member] += (delta * unitsOf[member]) / SCALE;
    }
}
