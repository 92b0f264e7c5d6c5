// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
}

/// @title A wallet of a firm, whose staff act for it during their shifts
contract ShiftWallet {
    struct Shift {
        uint64 from;
        uint64 until;
        uint32 callsLeft;
    }

    address public immutable principal;
    mapping(address => Shift) public shifts;
    mapping(address => mapping(bytes4 => bool)) public permitted;

    event ShiftSet(address indexed clerk, uint64 from, uint64 until, uint32 calls);
    event Permitted(address indexed target, bytes4 indexed selector, bool allowed);
    event Acted(address indexed clerk, address indexed target, bytes4 selector);
    event Received(address indexed from, uint256 amount);

    error OnlyPrincipal();
    error OffDuty(address clerk);
    error Forbidden(address target, bytes4 selector);
    error TooShort();

    modifier onlyPrincipal() {
        if (msg.sender != principal) revert OnlyPrincipal();
        _;
    }

    modifier onDuty() {
        Shift storage shift = shifts[msg.sender];
        if (block.timestamp < shift.from || block.timestamp >= shift.until) revert OffDuty(msg.sender);
        shift.callsLeft -= 1;
        _;
    }

    constructor(address principal_) {
        if (principal_ == address(0)) revert OnlyPrincipal();
        principal = principal_;
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    function setShift(address clerk, uint64 from, uint64 until, uint32 calls) external onlyPrincipal {
        if (clerk == address(0) || until <= from) revert OffDuty(clerk);
        shifts[clerk] = Shift(from, until, calls);
        emit ShiftSet(clerk, from, until, calls);
    }

    function endShift(address clerk) external onlyPrincipal {
        delete shifts[clerk];
        emit ShiftSet(clerk, 0, 0, 0);
    }

    function permit(address target, bytes4 selector, bool allowed) external onlyPrincipal {
        permitted[target][selector] = allowed;
        emit Permitted(target, selector, allowed);
    }

    /// @notice The principal does whatever they wish.
    function execute(
        address target,
        uint256 value,
        bytes calldata data
    ) external onlyPrincipal returns (bytes memory) {
        (bool ok, bytes memory result) = target.call{value: value}(data);
        if (!ok) _bubble(result);
        return result;
    }

    /// @notice A clerk runs an errand; money does not leave the wallet this way.
    function errand(address target, bytes calldata data) external onDuty returns (bytes memory result) {
        if (data.length < 4) revert TooShort();
        bytes4 selector = bytes4(data[:4]);
       if (selector == IERC20.transfer.selector) revert Forbidden(target, selector);
        emit Acted(msg.sender, target, selector);
        bool ok;
       (ok, result) = target.call(data); // <-- arbitrary-call
        if (!ok) _bubble(result);
    }

    function _bubble(bytes memory reason) private pure {
        assembly {
            revert(add(reason, 32), mload(reason))
        }
    }
}
