// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IERC20 {
    function balanceOf(address who) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

library SafeToken {
    error TokenCallFailed(address token);

    function pull(IERC20 token, address from, uint256 value) internal returns (uint256 received) {
        uint256 held = token.balanceOf(address(this));
        _call(token, abi.encodeCall(IERC20.transferFrom, (from, address(this), value)));
        received = token.balanceOf(address(this)) - held;
    }

    function push(IERC20 token, address to, uint256 value) internal {
        _call(token, abi.encodeCall(IERC20.transfer, (to, value)));
    }

    function _call(IERC20 token, bytes memory data) private {
        if (address(token).code.length == 0) revert TokenCallFailed(address(token));
        (bool ok, bytes memory result) = address(token).call(data);
        if (!ok || (result.length != 0 && !abi.decode(result, (bool)))) revert TokenCallFailed(address(token));
    }
}

/// @title Streams of tokens from a payer to a payee, by the second, which either may end
/// @notice Tokens whose balances change by themselves are not for this contract.
contract MillpondStreams {
    using SafeToken for IERC20;

    struct Stream {
        address payer;
        address payee;
        IERC20 token;
        uint128 total;
        uint128 drawn;
        uint64 start;
        uint64 stop;
        bool ended;
    }

    bytes32 private constant DRAW = keccak256("Draw(uint256 id,address to,uint256 nonce,uint256 deadline)");
    bytes32 private constant DOMAIN = keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    uint64 public constant MAX_LENGTH = 3650 days;

    Stream[] private _streams;
    mapping(uint256 => uint256) public drawNonce;
    uint256 private _lock = 1;

    event Opened(uint256 indexed id, address indexed payer, address indexed payee, uint256 total);
    event Drawn(uint256 indexed id, address indexed to, uint256 amount);
    event Ended(uint256 indexed id, uint256 toPayee, uint256 toPayer);
    event PayeeChanged(uint256 indexed id, address indexed from, address indexed to);

    error Locked();
    error BadTerms();
    error NotAllowed();
    error NothingDue();
    error BadSignature();
    error Late();

    modifier locked() {
        if (_lock != 1) revert Locked();
        _lock = 2;
        _;
        _lock = 1;
    }

    modifier exists(uint256 id) {
        if (id >= _streams.length) revert NotAllowed();
        _;
    }

    // ------------------------------------------------------------ opening

    function open(
        IERC20 token,
        address payee,
        uint256 amount,
        uint64 start,
        uint64 stop
    ) external locked returns (uint256 id) {
        if (payee == address(0) || payee == address(this)) revert BadTerms();
        if (start < block.timestamp || stop <= start || stop - start > MAX_LENGTH) revert BadTerms();
        uint256 received = token.pull(msg.sender, amount);
        if (received == 0 || received > type(uint128).max) revert BadTerms();
        id = _streams.length;
        _streams.push(
            Stream({
                payer: msg.sender,
                payee: payee,
                token: token,
                total: uint128(received),
                drawn: 0,
                start: start,
                stop: stop,
                ended: false
            })
        );
        emit Opened(id, msg.sender, payee, received);
    }

    // ------------------------------------------------------------ drawing

    function draw(uint256 id, address to) external locked exists(id) returns (uint256) {
        if (msg.sender != _streams[id].payee) revert NotAllowed();
        return _draw(id, to);
    }

    /// @notice Anybody may bring a payee's signature; what is due goes where the payee has said.
    function drawWithSignature(
        uint256 id,
        address to,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external locked exists(id) returns (uint256) {
        if (block.timestamp > deadline) revert Late();
        if (uint256(s) > HALF_ORDER) revert BadSignature();
        bytes32 content = keccak256(abi.encode(DRAW, id, to, drawNonce[id]++, deadline));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", domainSeparator(), content));
        address signer = ecrecover(digest, v, r, s);
        if (signer == address(0) || signer != _streams[id].payee) revert BadSignature();
        return _draw(id, to);
    }

    /// @dev signatures of the payee before are void, since the signer is compared with the new one
    function changePayee(uint256 id, address next) external exists(id) {
        Stream storage s = _streams[id];
        if (msg.sender != s.payee) revert NotAllowed();
        if (next == address(0) || next == address(this)) revert BadTerms();
        drawNonce[id]++;
        s.payee = next;
        emit PayeeChanged(id, msg.sender, next);
    }

    // ------------------------------------------------------------- ending

    /// @notice What has run stays for the payee to draw, and the rest goes back to the payer.
    function end(uint256 id) external locked exists(id) {
        Stream storage s = _streams[id];
        if (msg.sender != s.payer && msg.sender != s.payee) revert NotAllowed();
        if (s.ended) revert NothingDue();
        uint256 toPayee = _due(s);
        uint256 toPayer = uint256(s.total) - s.drawn - toPayee;
        s.ended = true;
        s.total = uint128(s.drawn + toPayee);
        emit Ended(id, toPayee, toPayer);
        if (toPayer != 0) s.token.push(s.payer, toPayer);
    }

    // -------------------------------------------------------------- views

    function due(uint256 id) external view exists(id) returns (uint256) {
        return _due(_streams[id]);
    }

    function stream(uint256 id) external view exists(id) returns (Stream memory) {
        return _streams[id];
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, keccak256("MillpondStreams"), block.chainid, address(this)));
    }

    // ---------------------------------------------------------- internals

    function _draw(uint256 id, address to) private returns (uint256 amount) {
        if (to == address(0) || to == address(this)) revert BadTerms();
        Stream storage s = _streams[id];
        amount = _due(s);
        if (amount == 0) revert NothingDue();
        s.drawn += uint128(amount);
        emit Drawn(id, to, amount);
        s.token.push(to, amount);
    }

    function _due(Stream storage s) private view returns (uint256) {
        if (s.ended) return s.total - s.drawn;
        if (block.timestamp <= s.start) return 0;
        if (block.timestamp >= s.stop) return s.total - s.drawn;
        uint256 run = (uint256(s.total) * (block.timestamp - s.start)) / (s.stop - s.start);
        return run - s.drawn;
    }
}
