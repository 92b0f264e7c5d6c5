// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IBoardToken {
    function balanceOf(address who) external view returns (uint256);

    function transfer(address to, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @dev Moves tokens in and out, with or without a returned bool.
abstract contract TokenDesk {
    bool private moving;

    modifier oneAtATime() {
        require(!moving, "busy");
        moving = true;
        _;
        moving = false;
    }

    function _pull(address token, uint256 amount) internal returns (uint256) {
        require(amount > 0, "zero amount");
        _run(token, abi.encodeWithSelector(IBoardToken.transferFrom.selector, msg.sender, address(this), amount)); // <-- token-handling
        return amount;
    }

    function _push(address token, address to, uint256 amount) internal {
        _run(token, abi.encodeWithSelector(IBoardToken.transfer.selector, to, amount));
    }

    function _run(address token, bytes memory data) private {
        uint256 size;
        assembly {
            size := extcodesize(token)
        }
        require(size > 0, "no token");
        (bool ok, bytes memory ret) = token.call(data);
        require(ok && (ret.length == 0 || abi.decode(ret, (bool))), "token call failed");
    }
}

/// @title BountyBoard
/// @notice Bounties for open-source work in whatever token the project likes, except for tokens
///         whose balances change without a transfer.
contract BountyBoard is TokenDesk {
    struct Bounty {
        address project;
        address token;
        uint256 reward;
        address hunter;
        uint64 reopensAt;
        bool done;
    }

    uint256 public constant RESERVATION = 14 days;

    mapping(uint256 => Bounty) public bounties;
    uint256 public bountyCount;

    event Posted(uint256 indexed id, address indexed project, address indexed token, uint256 reward);
    event Raised(uint256 indexed id, uint256 reward);
    event Assigned(uint256 indexed id, address indexed hunter);
    event Awarded(uint256 indexed id, address indexed hunter, uint256 reward);
    event Cancelled(uint256 indexed id);

    modifier onlyProject(uint256 id) {
        require(bounties[id].project == msg.sender && !bounties[id].done, "not your open bounty");
        _;
    }

    function post(address token, uint256 amount) external oneAtATime returns (uint256 id) {
        uint256 reward = _pull(token, amount);
        id = ++bountyCount;
        bounties[id] = Bounty(msg.sender, token, reward, address(0), 0, false);
        emit Posted(id, msg.sender, token, reward);
    }

    function raise(uint256 id, uint256 amount) external oneAtATime onlyProject(id) {
        Bounty storage b = bounties[id];
        uint256 reward = b.reward + _pull(b.token, amount);
        require(reward > b.reward, "overflow");
        b.reward = reward;
        emit Raised(id, reward);
    }

    /// @notice Reserve the bounty for a hunter; it cannot be cancelled during the reservation.
    function assign(uint256 id, address hunter) external onlyProject(id) {
        require(hunter != address(0), "no hunter");
        require(block.timestamp >= bounties[id].reopensAt, "reserved");
        bounties[id].hunter = hunter;
        bounties[id].reopensAt = uint64(block.timestamp + RESERVATION);
        emit Assigned(id, hunter);
    }

    function award(uint256 id) external oneAtATime onlyProject(id) {
        Bounty storage b = bounties[id];
        require(b.hunter != address(0), "nobody assigned");
        b.done = true;
        emit Awarded(id, b.hunter, b.reward);
        _push(b.token, b.hunter, b.reward);
    }

    function cancel(uint256 id) external oneAtATime onlyProject(id) {
        Bounty storage b = bounties[id];
        require(block.timestamp >= b.reopensAt, "reserved");
        b.done = true;
        emit Cancelled(id);
        _push(b.token, b.project, b.reward);
    }
}
