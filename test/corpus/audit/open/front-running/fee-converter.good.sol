// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

interface IRouter {
    function swapExactTokensForTokens(
        uint256 amountIn,
        uint256 amountOutMin,
        address[] calldata path,
        address to,
        uint256 deadline
    ) external returns (uint256[] memory amounts);
}

/// @title Turns the fees of a marketplace into one reserve token
contract FeeConverter is Ownable2Step {
    using SafeERC20 for IERC20;

    uint256 private constant MAX_HOPS = 4;

    IRouter public immutable router;
    IERC20 public immutable reserve;
    address public immutable treasury;
    mapping(address => bool) public isKeeper;
    mapping(address => address[]) private _pathOf;

    event KeeperSet(address indexed keeper, bool allowed);
    event PathSet(address indexed token, address[] path);
    event Converted(address indexed token, uint256 amountIn, uint256 amountOut);

    error OnlyKeeper();
    error BadPath();
    error NothingToConvert();

    modifier onlyKeeper() {
        if (!isKeeper[msg.sender]) revert OnlyKeeper();
        _;
    }

    constructor(IRouter router_, IERC20 reserve_, address treasury_) Ownable(msg.sender) {
        require(address(router_) != address(0) && address(reserve_) != address(0), "no router or reserve");
        require(treasury_ != address(0), "no treasury");
        router = router_;
        reserve = reserve_;
        treasury = treasury_;
    }

    function setKeeper(address keeper, bool allowed) external onlyOwner {
        isKeeper[keeper] = allowed;
        emit KeeperSet(keeper, allowed);
    }

    function setPath(address token, address[] calldata path) external onlyOwner {
        if (path.length < 2 || path.length > MAX_HOPS) revert BadPath();
        if (path[0] != token || path[path.length - 1] != address(reserve)) revert BadPath();
        _pathOf[token] = path;
        emit PathSet(token, path);
    }

    /// @notice Converts everything held of a token and sends the result to the treasury.
    function convert(IERC20 token, uint256 minOut, uint256 deadline) external onlyKeeper returns (uint256 amountOut) {
        address[] memory path = _pathOf[address(token)];
        if (path.length == 0) revert BadPath();
        uint256 amountIn = token.balanceOf(address(this));
        if (amountIn == 0 || minOut == 0) revert NothingToConvert();
        token.forceApprove(address(router), amountIn);
        uint256[] memory amounts = router.swapExactTokensForTokens(amountIn, minOut, path, treasury, deadline);
        amountOut = amounts[amounts.length - 1];
        emit Converted(address(token), amountIn, amountOut);
    }

    function pathOf(address token) external view returns (address[] memory) {
        return _pathOf[token];
    }

    /// @notice Tokens that have no market are handed to the treasury as they are.
    function forward(IERC20 token) external onlyOwner {
        token.safeTransfer(treasury, token.balanceOf(address(this)));
    }
}
