// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
library SafeERC20 {
    error SafeERC20Failed(address token);

    function safeTransfer(IERC20 token, address to, uint256 value) internal {
        _callToken(token, abi.encodeWithSelector(token.transfer.selector, to, value));
    }

    function safeTransferFrom(IERC20 token, address from, address to, uint256 value) internal {
        _callToken(token, abi.encodeWithSelector(token.transferFrom.selector, from, to, value));
    }

    function forceApprove(IERC20 token, address spender, uint256 value) internal {
        if (value != 0 && token.allowance(address(this), spender) != 0) {
            _callToken(token, abi.encodeWithSelector(token.approve.selector, spender, 0));
        }
        _callToken(token, abi.encodeWithSelector(token.approve.selector, spender, value));
    }

    function _callToken(IERC20 token, bytes memory data) private {
        if (address(token).code.length == 0) revert SafeERC20Failed(address(token));
        (bool success, bytes memory ret) = address(token).call(data);
        if (!success || (ret.length != 0 && !abi.decode(ret, (bool)))) revert SafeERC20Failed(address(token));
    }
}
abstract contract RelayContext {
    address public immutable trustedForwarder;

    error InvalidForwarder();

    constructor(address forwarder) {
        if (forwarder == address(0)) revert InvalidForwarder();
        trustedForwarder = forwarder;
    }

    function isTrustedForwarder(address account) public view returns (bool) {
        return account == trustedForwarder;
    }

    /// @dev The forwarder appends the verified signer to the calldata.
    function _msgSender() internal view returns (address) {
        if (isTrustedForwarder(msg.sender) && msg.data.length >= 20) {
            return address(bytes20(msg.data[msg.data.length - 20:]));
        }
        return msg.sender;
    }
}

abstract contract BatchCalls is RelayContext {
    error BatchTooLong();

    /// @notice Run several functions of this contract in one transaction.
    function multicall(bytes[] calldata data) external returns (bytes[] memory results) {
        if (data.length > 16) revert BatchTooLong();
        bytes memory suffix;
        if (isTrustedForwarder(msg.sender) && msg.data.length >= 20) suffix = msg.data[msg.data.length - 20:];
        results = new bytes[](data.length);
        for (uint256 i = 0; i < data.length; ++i) {
            (bool ok, bytes memory ret) = address(this).delegatecall(bytes.concat(data[i], suffix));
            if (!ok) {
                assembly {
                    revert(add(ret, 32), mload(ret))
                }
            }
            results[i] = ret;
        }
    }
}

/// @title SavingsGoals
/// @notice People save stablecoins towards dated goals; all actions may be relayed.
contract SavingsGoals is BatchCalls {
    using SafeERC20 for IERC20;

    struct Goal {
        address saver;
        uint64 unlocksAt;
        uint128 target;
        uint256 saved;
    }

    uint256 public constant MAX_LOCK = 3 * 365 days;

    IERC20 public immutable token;
    uint256 public goalCount;
    mapping(uint256 => Goal) public goals;

    event GoalOpened(uint256 indexed id, address indexed saver, uint128 target, uint64 unlocksAt);
    event Saved(uint256 indexed id, address indexed from, uint256 amount);
    event Released(uint256 indexed id, address indexed to, uint256 amount);

    error NotSaver();
    error StillLocked();
    error LockTooLong();
    error ZeroAmount();
    error ZeroAddress();
    error UnknownGoal();

    constructor(IERC20 token_, address forwarder) RelayContext(forwarder) {
        if (address(token_) == address(0)) revert ZeroAddress();
        token = token_;
    }

    function openGoal(uint128 target, uint64 unlocksAt) external returns (uint256 id) {
        if (target == 0) revert ZeroAmount();
        if (unlocksAt > block.timestamp + MAX_LOCK) revert LockTooLong();
        id = ++goalCount;
        goals[id] = Goal({saver: _msgSender(), unlocksAt: unlocksAt, target: target, saved: 0});
        emit GoalOpened(id, _msgSender(), target, unlocksAt);
    }

    function save(uint256 id, uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        Goal storage goal = goals[id];
        if (goal.saver == address(0)) revert UnknownGoal();
        address from = _msgSender();
        goal.saved += amount;
        emit Saved(id, from, amount);
        token.safeTransferFrom(from, address(this), amount);
    }

    function release(uint256 id, address to) external {
        Goal storage goal = goals[id];
        if (goal.saver != _msgSender()) revert NotSaver();
        if (to == address(0)) revert ZeroAddress();
        if (block.timestamp < goal.unlocksAt && goal.saved < goal.target) revert StillLocked();
        uint256 amount = goal.saved;
        if (amount == 0) revert ZeroAmount();
        goal.saved = 0;
        emit Released(id, to, amount);
        token.safeTransfer(to, amount);
    }
}
