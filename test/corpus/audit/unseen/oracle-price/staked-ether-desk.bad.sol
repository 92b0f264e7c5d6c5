// SPDX-License-Identifier: MIT
pragma solidity ^0.8.13;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
interface IAggregatorV3 {
    function decimals() external view returns (uint8);
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
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
abstract contract Ownable2Step {
    address public owner;
    address public pendingOwner;

    event OwnershipTransferStarted(address indexed from, address indexed to);
    event OwnershipTransferred(address indexed from, address indexed to);

    error NotOwner();
    error NotPendingOwner();

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    constructor() {
        owner = msg.sender;
        emit OwnershipTransferred(address(0), msg.sender);
    }

    function transferOwnership(address newOwner) external onlyOwner {
        pendingOwner = newOwner;
        emit OwnershipTransferStarted(owner, newOwner);
    }

    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner();
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        pendingOwner = address(0);
    }
}
/// @title StakedEtherDesk
/// @notice Sells staked ether out of the treasury for dollars at the feed price plus a margin.
contract StakedEtherDesk is Ownable2Step {
    using SafeERC20 for IERC20;

    uint256 public constant MAX_MARGIN_BPS = 200;

    /// @dev 18 decimals
    IERC20 public immutable stakedEther;
    /// @dev 6 decimals
    IERC20 public immutable dollar;
    /// @dev ether per staked ether, 18 decimals
    IAggregatorV3 public immutable stakedFeed;
    /// @dev dollars per ether, 8 decimals
    IAggregatorV3 public immutable etherFeed;
    uint256 public immutable stakedHeartbeat;
    uint256 public immutable etherHeartbeat;

    uint256 public marginBps = 10;
    bool public halted;

    event MarginSet(uint256 bps);
    event HaltSet(bool halted);
    event Bought(address indexed buyer, uint256 dollars, uint256 staked);
    event Withdrawn(address indexed token, uint256 amount);

    error Halted();
    error Expired();
    error BadSetup();
    error BadPrice();
    error StalePrice();
    error TooLittle(uint256 out);

    constructor(
        IERC20 stakedEther_,
        IERC20 dollar_,
        IAggregatorV3 stakedFeed_,
        IAggregatorV3 etherFeed_,
        uint256 stakedHeartbeat_,
        uint256 etherHeartbeat_
    ) {
        if (address(stakedEther_) == address(0) || address(dollar_) == address(0)) revert BadSetup();
        if (stakedFeed_.decimals() != 18 || etherFeed_.decimals() != 8) revert BadSetup();
        if (stakedHeartbeat_ == 0 || etherHeartbeat_ == 0) revert BadSetup();
        stakedEther = stakedEther_;
        dollar = dollar_;
        stakedFeed = stakedFeed_;
        etherFeed = etherFeed_;
        stakedHeartbeat = stakedHeartbeat_;
        etherHeartbeat = etherHeartbeat_;
    }

    function setMargin(uint256 bps) external onlyOwner {
        if (bps > MAX_MARGIN_BPS) revert BadSetup();
        marginBps = bps;
        emit MarginSet(bps);
    }

    function setHalted(bool halted_) external onlyOwner {
        halted = halted_;
        emit HaltSet(halted_);
    }

    /// @return price dollars per staked ether, 18 decimals
    function stakedPrice() public view returns (uint256 price) {
        (, int256 rate, , uint256 rateAt, ) = stakedFeed.latestRoundData();
        if (rate <= 0) revert BadPrice();
        if (block.timestamp - rateAt > stakedHeartbeat) revert StalePrice();

        (, int256 etherUsd, , , ) = etherFeed.latestRoundData(); // <-- oracle-price
        if (etherUsd <= 0) revert BadPrice();
        price = (uint256(rate) * uint256(etherUsd)) / 1e8;
    }

    function quote(uint256 dollarsIn) public view returns (uint256) {
        uint256 asked = (stakedPrice() * (10_000 + marginBps)) / 10_000;
        return (dollarsIn * 1e30) / asked;
    }

    function buy(uint256 dollarsIn, uint256 minOut, uint256 deadline) external returns (uint256 out) {
        if (halted) revert Halted();
        if (block.timestamp > deadline) revert Expired();
        out = quote(dollarsIn);
        if (out == 0 || out < minOut) revert TooLittle(out);
        emit Bought(msg.sender, dollarsIn, out);
        dollar.safeTransferFrom(msg.sender, address(this), dollarsIn);
        stakedEther.safeTransfer(msg.sender, out);
    }

    function withdraw(IERC20 token, uint256 amount) external onlyOwner {
        emit Withdrawn(address(token), amount);
        token.safeTransfer(owner, amount);
    }
}
