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
/// @title EtherPair
/// @notice A constant product pair of ether and one token. `virtualPrice` is what lending
/// markets use to value the pair's shares.
contract EtherPair is ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint256 private constant MINIMUM = 1_000;
    uint256 private constant FEE = 997;

    IERC20 public immutable token;
    uint256 public etherReserve;
    uint256 public tokenReserve;
    uint256 public totalShares;
    mapping(address => uint256) public sharesOf;

    event Added(address indexed provider, uint256 etherIn, uint256 tokenIn, uint256 shares);
    event Removed(address indexed provider, uint256 etherOut, uint256 tokenOut, uint256 shares);
    event Swapped(address indexed trader, bool etherIn, uint256 amountIn, uint256 amountOut);
    event SharesMoved(address indexed from, address indexed to, uint256 shares);

    error Expired();
    error Slippage();
    error EtherFailed();
    error Empty();
    error ZeroAddress();

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert Expired();
        _;
    }

    constructor(IERC20 token_) {
        if (address(token_) == address(0)) revert ZeroAddress();
        token = token_;
    }

    /// @notice Geometric reserve behind a share, 18 decimals.
    function virtualPrice() external view returns (uint256) {
        if (totalShares == 0) revert Empty();
        return (_sqrt(etherReserve * tokenReserve) * 1e18) / totalShares;
    }

    function transferShares(address to, uint256 shares) external {
        if (to == address(0)) revert ZeroAddress();
        sharesOf[msg.sender] -= shares;
        sharesOf[to] += shares;
        emit SharesMoved(msg.sender, to, shares);
    }

    function add(uint256 maxToken, uint256 minShares, uint256 deadline)
        external
        payable
        nonReentrant
        before(deadline)
        returns (uint256 shares)
    {
        uint256 tokenIn;
        if (totalShares == 0) {
            tokenIn = maxToken;
            shares = _sqrt(msg.value * tokenIn) - MINIMUM;
            totalShares = MINIMUM;
        } else {
            tokenIn = (msg.value * tokenReserve) / etherReserve + 1;
            if (tokenIn > maxToken) revert Slippage();
            shares = (msg.value * totalShares) / etherReserve;
        }
        if (shares == 0 || shares < minShares) revert Slippage();
        etherReserve += msg.value;
        tokenReserve += tokenIn;
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        emit Added(msg.sender, msg.value, tokenIn, shares);
        token.safeTransferFrom(msg.sender, address(this), tokenIn);
    }

    function remove(uint256 shares, uint256 minEther, uint256 minToken, uint256 deadline)
        external
        nonReentrant
        before(deadline)
        returns (uint256 etherOut, uint256 tokenOut)
    {
        etherOut = (shares * etherReserve) / totalShares;
        tokenOut = (shares * tokenReserve) / totalShares;
        if (etherOut < minEther || tokenOut < minToken) revert Slippage();
        sharesOf[msg.sender] -= shares;
        etherReserve -= etherOut;
        _sendEther(msg.sender, etherOut); // <-- reentrancy
        tokenReserve -= tokenOut;
        totalShares -= shares;
        token.safeTransfer(msg.sender, tokenOut);
        emit Removed(msg.sender, etherOut, tokenOut, shares);
    }

    function swapEther(uint256 minOut, uint256 deadline)
        external
        payable
        nonReentrant
        before(deadline)
        returns (uint256 out)
    {
        uint256 input = msg.value * FEE;
        out = (input * tokenReserve) / (etherReserve * 1_000 + input);
        if (out == 0 || out < minOut) revert Slippage();
        etherReserve += msg.value;
        tokenReserve -= out;
        emit Swapped(msg.sender, true, msg.value, out);
        token.safeTransfer(msg.sender, out);
    }

    function swapToken(uint256 amountIn, uint256 minOut, uint256 deadline)
        external
        nonReentrant
        before(deadline)
        returns (uint256 out)
    {
        uint256 input = amountIn * FEE;
        out = (input * etherReserve) / (tokenReserve * 1_000 + input);
        if (out == 0 || out < minOut) revert Slippage();
        tokenReserve += amountIn;
        etherReserve -= out;
        emit Swapped(msg.sender, false, amountIn, out);
        token.safeTransferFrom(msg.sender, address(this), amountIn);
        _sendEther(msg.sender, out);
    }

    function _sendEther(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert EtherFailed();
    }

    function _sqrt(uint256 x) private pure returns (uint256 y) {
        if (x == 0) return 0;
        y = x;
        uint256 z = x / 2 + 1;
        while (z < y) {
            y = z;
            z = (x / z + z) / 2;
        }
    }
}
