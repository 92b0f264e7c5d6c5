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
/// @title IndexBasket
/// @notice A fixed basket: each share is backed by a set number of units of every component.
contract IndexBasket is ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint256 private constant ONE = 1e18;
    uint256 public constant MAX_COMPONENTS = 20;

    string public name;
    uint8 public constant decimals = 18;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;

    IERC20[] public components;
    /// @dev Units of the component per whole share.
    mapping(IERC20 => uint256) public unitsOf;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Issued(address indexed account, uint256 shares);
    event Redeemed(address indexed account, uint256 shares);

    error BadBasket();
    error LengthMismatch();
    error NotComponent(IERC20 token);
    error AboveMaximum(IERC20 token, uint256 needed);
    error ZeroShares();
    error ZeroAddress();

    constructor(string memory name_, IERC20[] memory tokens, uint256[] memory units) {
        if (tokens.length == 0 || tokens.length > MAX_COMPONENTS || tokens.length != units.length) revert BadBasket();
        name = name_;
        for (uint256 i; i < tokens.length; ++i) {
            if (address(tokens[i]) == address(0) || units[i] == 0 || unitsOf[tokens[i]] != 0) revert BadBasket();
            unitsOf[tokens[i]] = units[i];
            components.push(tokens[i]);
        }
    }

    function componentCount() external view returns (uint256) {
        return components.length;
    }

    /// @notice Issue shares against components.
    /// @param shares how many shares
    /// @param tokens the components
    /// @param maxAmounts the most the caller would deliver of each
    function issue(uint256 shares, IERC20[] calldata tokens, uint256[] calldata maxAmounts) external nonReentrant { // <-- input-validation
        if (shares == 0) revert ZeroShares();
        if (tokens.length != maxAmounts.length) revert LengthMismatch();
        totalSupply += shares;
        balanceOf[msg.sender] += shares;
        emit Transfer(address(0), msg.sender, shares);
        emit Issued(msg.sender, shares);

        for (uint256 i; i < tokens.length; ++i) {
            IERC20 token = tokens[i];
            uint256 units = unitsOf[token];
            if (units == 0) revert NotComponent(token);
            uint256 needed = (shares * units + ONE - 1) / ONE;
            if (needed > maxAmounts[i]) revert AboveMaximum(token, needed);
            token.safeTransferFrom(msg.sender, address(this), needed);
        }
    }

    /// @notice Burn shares for the components behind them.
    function redeem(uint256 shares, address to) external nonReentrant {
        if (shares == 0) revert ZeroShares();
        if (to == address(0)) revert ZeroAddress();
        balanceOf[msg.sender] -= shares;
        totalSupply -= shares;
        emit Transfer(msg.sender, address(0), shares);
        emit Redeemed(msg.sender, shares);

        uint256 count = components.length;
        for (uint256 i; i < count; ++i) {
            IERC20 token = components[i];
            token.safeTransfer(to, (shares * unitsOf[token]) / ONE);
        }
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (to == address(0)) revert ZeroAddress();
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }
}
