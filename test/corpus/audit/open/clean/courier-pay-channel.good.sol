// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Payment channels: many small payments by signed vouchers, one settlement
contract CourierPayChannel {
    struct Channel {
        address payer;
        uint96 deposit;
        address payee;
        uint96 withdrawn;
        uint64 closesAt;
        uint32 generation;
    }

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant VOUCHER_TYPEHASH =
        keccak256("Voucher(bytes32 channel,uint32 generation,uint96 total)");
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    uint64 public constant CHALLENGE = 2 days;

    bytes32 private immutable cachedDomain;
    uint256 private immutable cachedChain;
    mapping(bytes32 => Channel) private channels;
    mapping(address => uint256) public refunds;

    event Opened(bytes32 indexed channel, address indexed payer, address indexed payee, uint32 generation);
    event ToppedUp(bytes32 indexed channel, uint96 deposit);
    event Redeemed(bytes32 indexed channel, uint96 amount, uint96 total);
    event Closing(bytes32 indexed channel, uint64 closesAt);
    event Closed(bytes32 indexed channel, uint96 refund);
    event RefundTaken(address indexed payer, uint256 amount);

    error NoChannel();
    error ChannelExists();
    error NotPayer();
    error NotPayee();
    error BadVoucher();
    error NothingNew();
    error AmountTooLarge();
    error TooEarly(uint64 closesAt);
    error TransferFailed();

    constructor() {
        cachedChain = block.chainid;
        cachedDomain = _buildDomain();
    }

    modifier existing(bytes32 id) {
        if (channels[id].payer == address(0)) revert NoChannel();
        _;
    }

    // ------------------------------------------------------------------ payer

    function open(address payee) external payable returns (bytes32 id) {
        if (payee == address(0) || payee == msg.sender) revert NotPayee();
        id = channelId(msg.sender, payee);
        Channel storage c = channels[id];
        if (c.payer != address(0)) revert ChannelExists();
        c.payer = msg.sender;
        c.payee = payee;
        c.deposit = _toUint96(msg.value);
        c.withdrawn = 0;
        c.closesAt = 0;
        c.generation += 1; // vouchers of an earlier channel of the same pair are void
        emit Opened(id, msg.sender, payee, c.generation);
    }

    function topUp(bytes32 id) external payable existing(id) {
        Channel storage c = channels[id];
        if (c.payer != msg.sender) revert NotPayer();
        c.deposit = _toUint96(uint256(c.deposit) + msg.value);
        emit ToppedUp(id, c.deposit);
    }

    /// @notice Starts the time in which the payee can hand in the last voucher.
    function startClosing(bytes32 id) external existing(id) {
        Channel storage c = channels[id];
        if (c.payer != msg.sender) revert NotPayer();
        if (c.closesAt == 0) {
            c.closesAt = uint64(block.timestamp) + CHALLENGE;
        }
        emit Closing(id, c.closesAt);
    }

    function finishClosing(bytes32 id) external existing(id) {
        Channel storage c = channels[id];
        if (c.payer != msg.sender) revert NotPayer();
        if (c.closesAt == 0 || block.timestamp < c.closesAt) revert TooEarly(c.closesAt);
        _close(id);
    }

    function takeRefund() external {
        uint256 amount = refunds[msg.sender];
        if (amount == 0) revert NothingNew();
        refunds[msg.sender] = 0;
        emit RefundTaken(msg.sender, amount);
        _send(msg.sender, amount);
    }

    // ------------------------------------------------------------------ payee

    /// @param total all that the payer has promised since the channel was opened
    function redeem(bytes32 id, uint96 total, bytes calldata signature) external existing(id) {
        uint96 amount = _account(id, total, signature);
        _send(msg.sender, amount);
    }

    /// @notice The payee may give the rest back to the payer at any time.
    function redeemAndClose(bytes32 id, uint96 total, bytes calldata signature) external existing(id) {
        uint96 amount = _account(id, total, signature);
        _close(id);
        _send(msg.sender, amount);
    }

    // ------------------------------------------------------------------ views

    function channelId(address payer, address payee) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(payer, payee)); // both are twenty bytes
    }

    function channelInfo(bytes32 id) external view returns (Channel memory) {
        return channels[id];
    }

    function domainSeparator() public view returns (bytes32) {
        return block.chainid == cachedChain ? cachedDomain : _buildDomain();
    }

    function voucherDigest(bytes32 id, uint32 generation, uint96 total) public view returns (bytes32) {
        bytes32 inner = keccak256(abi.encode(VOUCHER_TYPEHASH, id, generation, total));
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), inner));
    }

    // -------------------------------------------------------------- internals

    function _account(bytes32 id, uint96 total, bytes calldata signature) private returns (uint96 amount) {
        Channel storage c = channels[id];
        if (c.payee != msg.sender) revert NotPayee();
        if (total <= c.withdrawn) revert NothingNew();
        if (total > c.deposit) revert AmountTooLarge();
        address signer = _recover(voucherDigest(id, c.generation, total), signature);
        if (signer != c.payer) revert BadVoucher();
        amount = total - c.withdrawn;
        c.withdrawn = total;
        emit Redeemed(id, amount, total);
    }

    /// @dev The generation is kept, the rest of the channel is cleared.
    function _close(bytes32 id) private {
        Channel storage c = channels[id];
        uint96 rest = c.deposit - c.withdrawn;
        refunds[c.payer] += rest;
        c.payer = address(0);
        c.payee = address(0);
        c.deposit = 0;
        c.withdrawn = 0;
        c.closesAt = 0;
        emit Closed(id, rest);
    }

    function _recover(bytes32 digest, bytes calldata signature) private pure returns (address signer) {
        if (signature.length != 65) revert BadVoucher();
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        if (uint256(s) > HALF_ORDER || (v != 27 && v != 28)) revert BadVoucher();
        signer = ecrecover(digest, v, r, s);
        if (signer == address(0)) revert BadVoucher();
    }

    function _send(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert TransferFailed();
    }

    function _toUint96(uint256 value) private pure returns (uint96) {
        if (value > type(uint96).max) revert AmountTooLarge();
        return uint96(value);
    }

    function _buildDomain() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256("CourierPayChannel"),
                keccak256("1"),
                block.chainid,
                address(this)
            )
        );
    }
}
