// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IDeskToken {
    function balanceOf(address who) external view returns (uint256);

    function transfer(address to, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title OtcDesk
/// @notice Swap offers between two parties. Any ERC-20 can be offered or asked for, the common
///         dollar coins above all. Tokens whose balances change without a transfer are not supported.
contract OtcDesk {
    struct Offer {
        address maker;
        address taker;
        IDeskToken sell;
        IDeskToken want;
        uint256 sellAmount;
        uint256 wantAmount;
        uint64 until;
        bool open;
    }

    uint256 public offerCount;
    mapping(uint256 => Offer) public offers;
    uint256 private lock = 1;

    event Offered(uint256 indexed id, address indexed maker, address sell, uint256 sellAmount);
    event Filled(uint256 indexed id, address indexed taker);
    event Revoked(uint256 indexed id);

    modifier locked() {
        require(lock == 1, "locked");
        lock = 2;
        _;
        lock = 1;
    }

    /// @param taker zero if anybody may fill the offer
    function offer(IDeskToken sell, uint256 amount, IDeskToken want, uint256 wantAmount, address taker, uint64 until)
        external
        locked
        returns (uint256 id)
    {
        require(until > now, "already over");
        require(amount > 0 && wantAmount > 0, "zero amount");
        require(sell != want, "same token");
        require(_isContract(address(sell)) && _isContract(address(want)), "no token");
        uint256 received = _move(sell, msg.sender, address(this), amount);
        require(received > 0, "nothing received");
        id = ++offerCount;
        offers[id] = Offer(msg.sender, taker, sell, want, received, wantAmount, until, true);
        emit Offered(id, msg.sender, address(sell), received);
    }

    function fill(uint256 id) external locked {
        Offer storage o = offers[id];
        require(o.open && now <= o.until, "not open");
        require(o.taker == address(0) || o.taker == msg.sender, "not for you");
        o.open = false;
        require(_move(o.want, msg.sender, o.maker, o.wantAmount) >= o.wantAmount, "short payment");
        _give(o.sell, msg.sender, o.sellAmount);
        emit Filled(id, msg.sender);
    }

    function revoke(uint256 id) external locked {
        Offer storage o = offers[id];
        require(o.open && o.maker == msg.sender, "not your open offer");
        o.open = false;
        emit Revoked(id);
        _give(o.sell, msg.sender, o.sellAmount);
    }

    function _move(IDeskToken token, address from, address to, uint256 amount) private returns (uint256) {
        require(from == msg.sender && from != to, "bad parties");
        uint256 before = token.balanceOf(to);
        _run(address(token), abi.encodeWithSelector(token.transferFrom.selector, from, to, amount));
        uint256 afterwards = token.balanceOf(to);
        require(afterwards >= before, "balance fell");
        return afterwards - before;
    }

    function _give(IDeskToken token, address to, uint256 amount) private {
        _run(address(token), abi.encodeWithSelector(token.transfer.selector, to, amount));
    }

    function _run(address token, bytes memory data) private {
        (bool ok, bytes memory ret) = token.call(data);
        require(ok && (ret.length == 0 || abi.decode(ret, (bool))), "token call failed");
    }

    function _isContract(address who) private view returns (bool) {
        uint256 size;
        assembly {
            size := extcodesize(who)
        }
        return size > 0;
    }
}
