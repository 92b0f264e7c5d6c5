// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Token sale with an extra for those who come early
contract OpeningBellSale is ERC20 {
    uint256 public constant RATE = 1_000;
    uint256 public constant CAP = 5_000_000e18;
    uint256 public constant EARLY_EXTRA_BPS = 2_500;
    uint256 public constant MAX_PER_BUYER = 25 ether;

    address public immutable issuer;
    uint256 public immutable opens;
    uint256 public immutable closes;
    uint256 public raised;
    mapping(address => uint256) public paidBy;
    mapping(address => bool) public cameEarly;

    event Sold(address indexed buyer, uint256 paid, uint256 tokens, bool early);
    event ProceedsTaken(uint256 amount);

    error NotOpen();
    error LimitExceeded();
    error OnlyIssuer();

    modifier duringSale() {
        if (block.timestamp < opens || block.timestamp >= closes) revert NotOpen();
        _;
    }

    constructor(uint256 opens_) ERC20("Opening Bell", "BELL") {
        require(opens_ > block.timestamp + 2 days, "announce earlier");
        issuer = msg.sender;
        opens = opens_;
        closes = opens_ + 30 days;
    }

    function buy() external payable duringSale {
        if (msg.value == 0 || paidBy[msg.sender] + msg.value > MAX_PER_BUYER) revert LimitExceeded();
        uint256 tokens = msg.value * RATE;
        bool early = _isEarly();
        if (early) {
            tokens += (tokens * EARLY_EXTRA_BPS) / 10_000;
            cameEarly[msg.sender] = true;
        }
        if (totalSupply() + tokens > CAP) revert LimitExceeded();
        paidBy[msg.sender] += msg.value;
        raised += msg.value;
        _mint(msg.sender, tokens);
        emit Sold(msg.sender, msg.value, tokens, early);
    }

    function takeProceeds() external {
        if (msg.sender != issuer) revert OnlyIssuer();
        uint256 amount = address(this).balance;
        emit ProceedsTaken(amount);
        (bool ok, ) = issuer.call{value: amount}("");
        require(ok, "payment refused");
    }

    function remaining() external view returns (uint256) {
        return CAP - totalSupply();
    }

    /// @dev Who counts as early.
    function _isEarly() internal view returns (bool) {
        return block.timestamp == opens || block.timestamp - opens < 10; // <-- time
    }
}
