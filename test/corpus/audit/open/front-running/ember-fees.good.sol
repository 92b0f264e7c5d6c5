// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function approve(address spender, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}

interface ISwapRouter02 {
    function getAmountsOut(uint256 amountIn, address[] calldata path) external view returns (uint256[] memory);

    function swapExactTokensForTokens(
        uint256 amountIn,
        uint256 amountOutMin,
        address[] calldata path,
        address to,
        uint256 deadline
    ) external returns (uint256[] memory amounts);
}

abstract contract Wardened {
    address public warden;
    address public pendingWarden;

    event WardenChanged(address indexed warden);

    error NotWarden();

    modifier onlyWarden() {
        if (msg.sender != warden) revert NotWarden();
        _;
    }

    constructor() {
        warden = msg.sender;
    }

    function offerWarden(address next) external onlyWarden {
        pendingWarden = next;
    }

    function acceptWarden() external {
        if (msg.sender != pendingWarden) revert NotWarden();
        warden = msg.sender;
        pendingWarden = address(0);
        emit WardenChanged(msg.sender);
    }
}

/// @title Turns the fees of the platform into its own coin, for the stakers
contract EmberFees is Wardened {
    uint256 private constant BPS = 10_000;

    ISwapRouter02 public immutable router;
    IERC20 public immutable ember;
    address public immutable stakers;
    uint256 public tolerance = 100;
    mapping(address => bool) public isKeeper;
    mapping(address => address[]) private _pathOf;

    event KeeperSet(address indexed keeper, bool yes);
    event PathSet(address indexed fee, address[] path);
    event Converted(address indexed fee, uint256 paid, uint256 got);

    error NotKeeper();
    error NoPath(address fee);
    error Nothing();
    error BadSetting();
    error TokenFailed();

    constructor(ISwapRouter02 router_, IERC20 ember_, address stakers_) {
        if (address(router_) == address(0) || address(ember_) == address(0)) revert BadSetting();
        if (stakers_ == address(0)) revert BadSetting();
        router = router_;
        ember = ember_;
        stakers = stakers_;
    }

    function setKeeper(address keeper, bool yes) external onlyWarden {
        isKeeper[keeper] = yes;
        emit KeeperSet(keeper, yes);
    }

    function setTolerance(uint256 bps) external onlyWarden {
        if (bps > 500) revert BadSetting();
        tolerance = bps;
    }

    function setPath(address fee, address[] calldata path) external onlyWarden {
        if (path.length < 2 || path[0] != fee || path[path.length - 1] != address(ember)) revert BadSetting();
        _pathOf[fee] = path;
        emit PathSet(fee, path);
    }

    function pathOf(address fee) external view returns (address[] memory) {
        return _pathOf[fee];
    }

   /// @param expected what the keeper reckons the fees to be worth, from prices elsewhere
   function convert(IERC20 fee, uint256 expected, uint256 deadline) external returns (uint256 got) {
        if (!isKeeper[msg.sender]) revert NotKeeper();
        address[] memory path = _pathOf[address(fee)];
        if (path.length == 0) revert NoPath(address(fee));
        uint256 amount = fee.balanceOf(address(this));
        if (amount == 0) revert Nothing();
       uint256 least = (expected * (BPS - tolerance)) / BPS;
       if (least == 0) revert Nothing();
        if (!fee.approve(address(router), amount)) revert TokenFailed();
        uint256[] memory amounts = router.swapExactTokensForTokens(amount, least, path, stakers, deadline);
        got = amounts[amounts.length - 1];
        emit Converted(address(fee), amount, got);
    }
}
