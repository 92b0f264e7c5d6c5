// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library Tokens {
    error TokenFailed(address token);

    function send(IERC20 token, address to, uint256 amount) internal {
        _invoke(token, abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    function take(IERC20 token, address from, uint256 amount) internal {
        _invoke(token, abi.encodeCall(IERC20.transferFrom, (from, address(this), amount)));
    }

    function _invoke(IERC20 token, bytes memory data) private {
        if (address(token).code.length == 0) revert TokenFailed(address(token));
        (bool ok, bytes memory ret) = address(token).call(data);
        if (!ok || (ret.length > 0 && !abi.decode(ret, (bool)))) revert TokenFailed(address(token));
    }
}

abstract contract ShareBook {
    mapping(address => uint256) public sharesOf;
    mapping(address => mapping(address => uint256)) public mayRedeem;
    uint256 public totalShares;

    event Minted(address indexed holder, uint256 shares);
    event Burned(address indexed holder, uint256 shares);
    event Moved(address indexed from, address indexed to, uint256 shares);
    event Entrusted(address indexed holder, address indexed agent, uint256 shares);

    error TooFew(uint256 have, uint256 want);
    error NotEntrusted();

    function entrust(address agent, uint256 shares) external {
        mayRedeem[msg.sender][agent] = shares;
        emit Entrusted(msg.sender, agent, shares);
    }

    function move(address to, uint256 shares) external {
        if (to == address(0)) revert NotEntrusted();
        _debit(msg.sender, shares);
        sharesOf[to] += shares;
        emit Moved(msg.sender, to, shares);
    }

    function _mint(address holder, uint256 shares) internal {
        totalShares += shares;
        sharesOf[holder] += shares;
        emit Minted(holder, shares);
    }

    function _burn(address holder, uint256 shares) internal {
        _debit(holder, shares);
        totalShares -= shares;
        emit Burned(holder, shares);
    }

    function _useTrust(address holder, address agent, uint256 shares) internal {
        uint256 trusted = mayRedeem[holder][agent];
        if (trusted == type(uint256).max) return;
        if (trusted < shares) revert NotEntrusted();
        mayRedeem[holder][agent] = trusted - shares;
    }

    function _debit(address holder, uint256 shares) private {
        uint256 have = sharesOf[holder];
        if (have < shares) revert TooFew(have, shares);
        sharesOf[holder] = have - shares;
    }
}

/// @title Shares in the community pantry, one for every unit of stable coin paid in
contract PantryShares is ShareBook {
    using Tokens for IERC20;

    IERC20 public immutable stable;

    event PaidOut(address indexed holder, address indexed to, uint256 amount);

    error BadRecipient();

    constructor(IERC20 stable_) {
        if (address(stable_) == address(0)) revert BadRecipient();
        stable = stable_;
    }

    function join(uint256 amount) external {
        stable.take(msg.sender, amount);
        _mint(msg.sender, amount);
    }

    function leave(uint256 shares) external {
        _burn(msg.sender, shares);
        stable.send(msg.sender, shares);
        emit PaidOut(msg.sender, msg.sender, shares);
    }

    /// @notice Redeems a member's shares and pays the money to an address.
    function redeem(address holder, uint256 shares, address to) external {
        if (to == address(0) || to == address(this)) revert BadRecipient();
       _burn(holder, shares); // <-- access-control
        stable.send(to, shares);
        emit PaidOut(holder, to, shares);
    }

    /// @notice Lets an agent move shares that were entrusted to them.
    function moveFor(address holder, address to, uint256 shares) external {
        if (to == address(0)) revert BadRecipient();
        _useTrust(holder, msg.sender, shares);
        _burn(holder, shares);
        _mint(to, shares);
    }
}
