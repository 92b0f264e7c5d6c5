// SPDX-License-Identifier: MIT
pragma solidity ^0.8.13;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title ContributorVesting
/// @notice Anyone may grant tokens to a contributor; every grant vests linearly on its own clock.
contract ContributorVesting {
    struct Grant {
        uint128 amount;
        uint128 claimed;
        uint64 start;
        uint64 duration;
    }

    uint256 public constant MAX_DURATION = 6 * 365 days;

    IERC20 public immutable token;
    mapping(address => Grant[]) private _grants;
    uint256 public totalOutstanding;

    event Granted(address indexed from, address indexed contributor, uint256 index, uint128 amount, uint64 duration);
    event Claimed(address indexed contributor, address indexed to, uint256 amount);

    error ZeroAddress();
    error BadGrant();
    error NothingVested();
    error TransferFailed();

    constructor(IERC20 token_) {
        if (address(token_) == address(0)) revert ZeroAddress();
        token = token_;
    }

    function grantCount(address contributor) external view returns (uint256) {
        return _grants[contributor].length;
    }

    function grantAt(address contributor, uint256 index) external view returns (Grant memory) {
        return _grants[contributor][index];
    }

    function vestedOf(Grant memory g) public view returns (uint256) {
        if (block.timestamp <= g.start) return 0;
        uint256 passed = block.timestamp - g.start;
        if (passed >= g.duration) return g.amount;
        return (uint256(g.amount) * passed) / g.duration;
    }

    /// @notice Grant tokens to a contributor, starting now.
    function grant(address contributor, uint128 amount, uint64 duration) external {
        if (contributor == address(0)) revert ZeroAddress();
        if (amount == 0 || duration == 0 || duration > MAX_DURATION) revert BadGrant();
        _grants[contributor].push(Grant(amount, 0, uint64(block.timestamp), duration));
        totalOutstanding += amount;
        emit Granted(msg.sender, contributor, _grants[contributor].length - 1, amount, duration);
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TransferFailed();
    }

    /// @notice Collect what has vested in all grants of the caller.
    function claim(address to) external returns (uint256 total) {
        if (to == address(0)) revert ZeroAddress();
        Grant[] storage list = _grants[msg.sender];
        for (uint256 i = 0; i < list.length; i++) { // <-- denial-of-service
            uint256 due = vestedOf(list[i]) - list[i].claimed;
            list[i].claimed += uint128(due);
            total += due;
        }
        if (total == 0) revert NothingVested();
        totalOutstanding -= total;
        emit Claimed(msg.sender, to, total);
        if (!token.transfer(to, total)) revert TransferFailed();
    }
}
