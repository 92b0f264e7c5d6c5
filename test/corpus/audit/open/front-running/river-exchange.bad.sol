// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title Small exchange for one pair of tokens, stocked by one market maker
contract RiverExchange {
    uint256 private constant MAX_STOCK = 2 ** 112;
    uint256 private constant FEE_BPS = 30;

    IToken public immutable tokenA;
    IToken public immutable tokenB;
    address public immutable maker;
    uint256 public stockA;
    uint256 public stockB;
    bool private entered;

    event Stocked(uint256 amountA, uint256 amountB);
    event Unstocked(uint256 amountA, uint256 amountB);
    event Traded(address indexed trader, bool aForB, uint256 amountIn, uint256 amountOut);

    modifier onlyMaker() {
        require(msg.sender == maker, "only the maker");
        _;
    }

    modifier noEntry() {
        require(!entered, "busy");
        entered = true;
        _;
        entered = false;
    }

    constructor(IToken tokenA_, IToken tokenB_) public {
        require(address(tokenA_) != address(0) && address(tokenB_) != address(0), "no token");
        require(tokenA_ != tokenB_, "same token");
        tokenA = tokenA_;
        tokenB = tokenB_;
        maker = msg.sender;
    }

    function stock(uint256 amountA, uint256 amountB) external onlyMaker noEntry {
        require(amountA < MAX_STOCK && amountB < MAX_STOCK, "too much");
        stockA += amountA;
        stockB += amountB;
        require(stockA < MAX_STOCK && stockB < MAX_STOCK, "too much");
        emit Stocked(amountA, amountB);
        require(tokenA.transferFrom(msg.sender, address(this), amountA), "transfer failed");
        require(tokenB.transferFrom(msg.sender, address(this), amountB), "transfer failed");
    }

    function unstock(uint256 amountA, uint256 amountB) external onlyMaker noEntry {
        require(amountA <= stockA && amountB <= stockB, "more than there is");
        stockA -= amountA;
        stockB -= amountB;
        emit Unstocked(amountA, amountB);
        require(tokenA.transfer(maker, amountA), "transfer failed");
        require(tokenB.transfer(maker, amountB), "transfer failed");
    }

    /// @notice Sells one token for the other along the constant product curve.
    function trade(bool aForB, uint256 amountIn) external noEntry returns (uint256 amountOut) {
        require(amountIn > 0 && amountIn < MAX_STOCK, "amount out of range");
        amountOut = quote(aForB, amountIn);
        require(amountOut > 0, "nothing to get");
        if (aForB) {
            stockA += amountIn;
            stockB -= amountOut;
        } else {
            stockB += amountIn;
            stockA -= amountOut;
        }
        require(stockA < MAX_STOCK && stockB < MAX_STOCK, "stock too large");
        emit Traded(msg.sender, aForB, amountIn, amountOut);
        require((aForB ? tokenA : tokenB).transferFrom(msg.sender, address(this), amountIn), "transfer failed");
        require((aForB ? tokenB : tokenA).transfer(msg.sender, amountOut), "transfer failed"); // <-- front-running
    }

    /// @dev Every factor is below 2**112, so the products stay in range; the result is below the stock.
    function quote(bool aForB, uint256 amountIn) public view returns (uint256) {
        require(amountIn < MAX_STOCK, "amount out of range");
        (uint256 stockIn, uint256 stockOut) = aForB ? (stockA, stockB) : (stockB, stockA);
        require(stockIn > 0 && stockOut > 0, "not stocked");
        uint256 net = amountIn * (10000 - FEE_BPS);
        return (net * stockOut) / (stockIn * 10000 + net);
    }
}
