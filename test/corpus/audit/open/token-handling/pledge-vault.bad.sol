// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

interface IERC20 {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

library TokenCalls {
    error TokenCallFailed();

    function pull(address token, address from, uint256 value) internal {
        _call(token, abi.encodeWithSelector(IERC20.transferFrom.selector, from, address(this), value));
    }

    function push(address token, address to, uint256 value) internal {
        _call(token, abi.encodeWithSelector(IERC20.transfer.selector, to, value));
    }

    function _call(address token, bytes memory data) private {
        (bool ok, bytes memory result) = token.call(data); // <-- token-handling
        if (!ok) revert TokenCallFailed();
        if (result.length > 0 && !abi.decode(result, (bool))) revert TokenCallFailed();
    }
}

/// @title Fixed offers between any two standard tokens without fees, held here until taken or cancelled
contract PledgeVault {
    using TokenCalls for address;

    struct Offer {
        address maker;
        address give;
        address want;
        uint256 giveAmount;
        uint256 wantAmount;
    }

    uint256 public nextId;
    mapping(uint256 => Offer) public offers;
    mapping(address => mapping(address => uint256)) public balances;

    event Deposited(address indexed token, address indexed who, uint256 amount);
    event Withdrawn(address indexed token, address indexed who, uint256 amount);
    event Offered(uint256 indexed id, address indexed maker);
    event Taken(uint256 indexed id, address indexed taker);
    event Cancelled(uint256 indexed id);

    error NotEnough();
    error NoOffer();

    /// @notice A token may be paid in before others have heard of it.
    function deposit(address token, uint256 amount) external {
        balances[token][msg.sender] += amount;
        emit Deposited(token, msg.sender, amount);
        token.pull(msg.sender, amount);
    }

    function withdraw(address token, uint256 amount) external {
        _spend(token, msg.sender, amount);
        emit Withdrawn(token, msg.sender, amount);
        token.push(msg.sender, amount);
    }

    function offer(address give, uint256 giveAmount, address want, uint256 wantAmount) external returns (uint256 id) {
        if (giveAmount == 0 || wantAmount == 0) revert NotEnough();
        _spend(give, msg.sender, giveAmount);
        id = nextId++;
        offers[id] = Offer(msg.sender, give, want, giveAmount, wantAmount);
        emit Offered(id, msg.sender);
    }

    function take(uint256 id) external {
        Offer memory o = offers[id];
        if (o.maker == address(0)) revert NoOffer();
        delete offers[id];
        _spend(o.want, msg.sender, o.wantAmount);
        balances[o.want][o.maker] += o.wantAmount;
        balances[o.give][msg.sender] += o.giveAmount;
        emit Taken(id, msg.sender);
    }

    function cancel(uint256 id) external {
        Offer memory o = offers[id];
        if (o.maker != msg.sender) revert NoOffer();
        delete offers[id];
        balances[o.give][msg.sender] += o.giveAmount;
        emit Cancelled(id);
    }

    function _spend(address token, address who, uint256 amount) private {
        if (balances[token][who] < amount) revert NotEnough();
        balances[token][who] -= amount;
    }
}
