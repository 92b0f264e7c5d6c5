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
interface IERC4626Like {
    function asset() external view returns (address);
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);
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
abstract contract ReentrancyGuard {
    uint256 private constant NOT_ENTERED = 1;
    uint256 private constant ENTERED = 2;
    uint256 private _status = NOT_ENTERED;

    error ReentrantCall();

    modifier nonReentrant() {
        if (_status == ENTERED) revert ReentrantCall();
        _status = ENTERED;
        _;
        _status = NOT_ENTERED;
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
/// @title YieldZapper
/// @notice Turns any token into shares of one vault in a single transaction, by way of external swaps.
/// @dev Users give this contract a standing allowance for the tokens they zap.
contract YieldZapper is Ownable2Step, ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Step {
        address target;
        address spender;
        IERC20 sellToken;
        uint256 sellAmount;
        bytes data;
    }

    uint256 public constant MAX_STEPS = 6;

    IERC4626Like public immutable vault;
    IERC20 public immutable asset;
    mapping(address => bool) public trustedVenue;

    event VenueSet(address indexed venue, bool trusted);
    event Zapped(address indexed user, address indexed tokenIn, uint256 amountIn, uint256 shares);

    error ZeroAddress();
    error UntrustedVenue(address venue);
    error TooManySteps();
    error Expired();
    error StepFailed(uint256 index);
    error TooFewShares(uint256 shares, uint256 minShares);

    constructor(IERC4626Like vault_) {
        if (address(vault_) == address(0)) revert ZeroAddress();
        vault = vault_;
        asset = IERC20(vault_.asset());
    }

    function setVenue(address venue, bool trusted) external onlyOwner {
        if (venue == address(0)) revert ZeroAddress();
        trustedVenue[venue] = trusted;
        emit VenueSet(venue, trusted);
    }

    function zap(IERC20 tokenIn, uint256 amountIn, Step[] calldata steps, uint256 minShares, uint256 deadline)
        external
        nonReentrant
        returns (uint256 shares)
    {
        if (block.timestamp > deadline) revert Expired();
        if (steps.length > MAX_STEPS) revert TooManySteps();

        tokenIn.safeTransferFrom(msg.sender, address(this), amountIn);
        for (uint256 i; i < steps.length; ++i) {
            _runStep(steps[i], i);
        }

        uint256 assets = asset.balanceOf(address(this));
        asset.forceApprove(address(vault), assets);
        shares = vault.deposit(assets, msg.sender);
        if (shares < minShares) revert TooFewShares(shares, minShares);

        uint256 left = tokenIn.balanceOf(address(this));
        if (left != 0) tokenIn.safeTransfer(msg.sender, left);
        emit Zapped(msg.sender, address(tokenIn), amountIn, shares);
    }

    function _runStep(Step calldata s, uint256 index) private {
        if (!trustedVenue[s.spender]) revert UntrustedVenue(s.spender);
        if (s.target == address(this) || s.target == address(vault)) revert UntrustedVenue(s.target);
        s.sellToken.forceApprove(s.spender, s.sellAmount);
        (bool ok, ) = s.target.call(s.data); // <-- arbitrary-call
        if (!ok) revert StepFailed(index);
        s.sellToken.forceApprove(s.spender, 0);
    }
}
