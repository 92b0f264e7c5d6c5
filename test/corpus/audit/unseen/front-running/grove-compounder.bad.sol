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
interface IFarm {
    function stakeToken() external view returns (address);
    function rewardToken() external view returns (address);
    function stake(uint256 amount) external;
    function unstake(uint256 amount) external;
    function getReward() external;
}

interface IRouter {
    function getAmountsOut(uint256 amountIn, address[] calldata path) external view returns (uint256[] memory);
    function swapExactTokensForTokens(
        uint256 amountIn,
        uint256 amountOutMin,
        address[] calldata path,
        address to,
        uint256 deadline
    ) external returns (uint256[] memory amounts);
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
/// @title FarmCompounder
/// @notice Stakes one token in a farm and lets a keeper turn the rewards into more of it.
contract FarmCompounder is ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint256 private constant VIRTUAL = 1e3;
    uint256 public constant PROFIT_DELAY = 12 hours;

    IFarm public immutable farm;
    IRouter public immutable router;
    IERC20 public immutable want;
    IERC20 public immutable reward;
    address public immutable keeper;

    uint256 public totalShares;
    uint256 public totalStaked;
    mapping(address => uint256) public sharesOf;
    uint256 private _profit;
    uint256 private _profitAt;

    event Deposited(address indexed account, uint256 amount, uint256 shares);
    event Withdrawn(address indexed account, uint256 amount, uint256 shares);
    event Compounded(uint256 sold, uint256 bought);

    error ZeroAddress();
    error ZeroShares();
    error NotKeeper();
    error NothingToSell();

    constructor(IFarm farm_, IRouter router_, address keeper_) {
        if (address(farm_) == address(0) || address(router_) == address(0) || keeper_ == address(0)) {
            revert ZeroAddress();
        }
        farm = farm_;
        router = router_;
        keeper = keeper_;
        want = IERC20(farm_.stakeToken());
        reward = IERC20(farm_.rewardToken());
    }

    function lockedProfit() public view returns (uint256) {
        uint256 passed = block.timestamp - _profitAt;
        return passed >= PROFIT_DELAY ? 0 : (_profit * (PROFIT_DELAY - passed)) / PROFIT_DELAY;
    }

    function deposit(uint256 amount) external nonReentrant returns (uint256 shares) {
        shares = (amount * (totalShares + VIRTUAL)) / (totalStaked - lockedProfit() + 1);
        if (shares == 0) revert ZeroShares();
        totalShares += shares;
        totalStaked += amount;
        sharesOf[msg.sender] += shares;
        emit Deposited(msg.sender, amount, shares);
        want.safeTransferFrom(msg.sender, address(this), amount);
        _stake(amount);
    }

    function withdraw(uint256 shares) external nonReentrant returns (uint256 amount) {
        amount = (shares * (totalStaked - lockedProfit() + 1)) / (totalShares + VIRTUAL);
        sharesOf[msg.sender] -= shares;
        totalShares -= shares;
        totalStaked -= amount;
        emit Withdrawn(msg.sender, amount, shares);
        farm.unstake(amount);
        want.safeTransfer(msg.sender, amount);
    }

    /// @notice Sell the rewards for more of the staked token.
    function compound(uint256 deadline) external nonReentrant returns (uint256 bought) {
        if (msg.sender != keeper) revert NotKeeper();
        farm.getReward();
        uint256 sold = reward.balanceOf(address(this));
        if (sold == 0) revert NothingToSell();

        address[] memory path = new address[](2);
        path[0] = address(reward);
        path[1] = address(want);
        uint256 minBought = (router.getAmountsOut(sold, path)[1] * 995) / 1000;
        reward.forceApprove(address(router), sold);
        uint256[] memory amounts =
            router.swapExactTokensForTokens(sold, minBought, path, address(this), deadline); // <-- front-running
        bought = amounts[1];

        _profit = lockedProfit() + bought;
        _profitAt = block.timestamp;
        totalStaked += bought;
        emit Compounded(sold, bought);
        _stake(bought);
    }

    function _stake(uint256 amount) private {
        want.forceApprove(address(farm), amount);
        farm.stake(amount);
    }
}
