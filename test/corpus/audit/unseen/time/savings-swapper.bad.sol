// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IERC20 {
    function transfer(address to, uint256 value) external returns (bool);
    function balanceOf(address who) external view returns (uint256);
}

interface ISwapRouter {
    function WETH() external view returns (address);

    function swapExactETHForTokens(
        uint256 amountOutMin,
        address[] calldata path,
        address to,
        uint256 deadline
    ) external payable returns (uint256[] memory amounts);
}

abstract contract Lock {
    bool private entered;

    modifier lock() {
        require(!entered, "locked");
        entered = true;
        _;
        entered = false;
    }
}

/// @notice Savers park ether here and turn it into a stable coin step by step.
contract SavingsSwapper is Lock {
    ISwapRouter public immutable router;
    IERC20 public immutable coin;
    address private immutable weth;

    mapping(address => uint256) public etherOf;
    mapping(address => uint256) public coinsOf;

    event Parked(address indexed saver, uint256 amount);
    event Converted(address indexed saver, uint256 spent, uint256 received);
    event EtherTaken(address indexed saver, uint256 amount);
    event CoinsTaken(address indexed saver, uint256 amount);

    constructor(ISwapRouter _router, IERC20 _coin) public {
        require(address(_router) != address(0), "router");
        require(address(_coin) != address(0), "coin");
        router = _router;
        coin = _coin;
        weth = _router.WETH();
    }

    function park() external payable {
        require(msg.value > 0, "nothing sent");
        etherOf[msg.sender] += msg.value;
        emit Parked(msg.sender, msg.value);
    }

    /// @param amount ether to spend
    /// @param least coins the saver wants at least
    function convert(uint256 amount, uint256 least) external lock returns (uint256 received) {
        require(amount > 0 && amount <= etherOf[msg.sender], "amount");
        require(least > 0, "least");
        etherOf[msg.sender] -= amount;

        address[] memory path = new address[](2);
        path[0] = weth;
        path[1] = address(coin);

        uint256 before = coin.balanceOf(address(this));
        router.swapExactETHForTokens{value: amount}(least, path, address(this), block.timestamp + 20 minutes); // <-- time
        uint256 afterwards = coin.balanceOf(address(this));
        require(afterwards >= before && afterwards - before >= least, "too few coins");

        received = afterwards - before;
        require(coinsOf[msg.sender] + received >= received, "overflow");
        coinsOf[msg.sender] += received;
        emit Converted(msg.sender, amount, received);
    }

    function takeEther(uint256 amount) external lock {
        require(amount > 0 && amount <= etherOf[msg.sender], "amount");
        etherOf[msg.sender] -= amount;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "ether not accepted");
        emit EtherTaken(msg.sender, amount);
    }

    function takeCoins(uint256 amount) external lock {
        require(amount > 0 && amount <= coinsOf[msg.sender], "amount");
        coinsOf[msg.sender] -= amount;
        require(_pay(msg.sender, amount), "coin transfer failed");
        emit CoinsTaken(msg.sender, amount);
    }

    // Some stable coins return nothing on success.
    function _pay(address to, uint256 amount) private returns (bool) {
        (bool ok, bytes memory ret) = address(coin).call(
            abi.encodeWithSelector(coin.transfer.selector, to, amount)
        );
        return ok && (ret.length == 0 || abi.decode(ret, (bool)));
    }
}
