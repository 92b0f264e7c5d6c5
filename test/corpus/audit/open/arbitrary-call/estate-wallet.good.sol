// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

contract Heirs {
    address public testator;
    mapping(address => bool) public heirs;
    uint256 public heirCount;

    event HeirNamed(address indexed heir);
    event HeirDropped(address indexed heir);

    modifier onlyTestator() {
        require(msg.sender == testator, "testator only");
        _;
    }

    modifier onlyHeir() {
        require(heirs[msg.sender], "heir only");
        _;
    }

    constructor() public {
        testator = msg.sender;
    }

    function nameHeir(address heir) external onlyTestator {
        require(heir != address(0), "no heir");
        require(!heirs[heir], "named before");
        heirs[heir] = true;
        heirCount += 1;
        emit HeirNamed(heir);
    }

    function dropHeir(address heir) external onlyTestator {
        require(heirs[heir], "no heir");
        heirs[heir] = false;
        heirCount -= 1;
        emit HeirDropped(heir);
    }
}

/// @title Wallet of an estate; it holds coins, tokens and names until they are shared out
contract EstateWallet is Heirs {
    uint256 public constant QUIET = 365 days;

    uint256 public lastSign;
    mapping(bytes32 => uint256) public notes;

    event SignOfLife(uint256 at);
    event Performed(address indexed target, uint256 value, bytes4 selector);
    event Noted(address indexed by, bytes32 note);

    constructor() public {
        lastSign = now;
    }

    function() external payable {}

    function signOfLife() external onlyTestator {
        lastSign = now;
        emit SignOfLife(now);
    }

    function note(bytes32 text) external onlyHeir {
        notes[text] = now;
        emit Noted(msg.sender, text);
    }

    /// @notice The testator does with the wallet what he likes.
    function perform(address target, uint256 value, bytes data) external onlyTestator {
        lastSign = now;
        _forward(target, value, data);
    }

    /// @notice Renew a registration that the estate holds, so that it does not lapse.
    function renew(address registry, bytes data) external onlyTestator {
        require(registry != address(this), "not here");
        _forward(registry, 0, data);
    }

    /// @notice After a year of silence an heir closes the estate.
    function succeed() external onlyHeir {
        require(now > lastSign + QUIET, "too early");
        heirs[msg.sender] = false;
        heirCount -= 1;
        testator = msg.sender;
        lastSign = now;
        emit SignOfLife(now);
    }

    function _forward(address target, uint256 value, bytes memory data) internal {
        require(target != address(0), "no target");
        require(value <= address(this).balance, "value");
        bytes4 selector;
        if (data.length >= 4) {
            assembly {
                selector := mload(add(data, 32))
            }
        }
        emit Performed(target, value, selector);
        require(target.call.value(value)(data), "call failed");
    }
}
