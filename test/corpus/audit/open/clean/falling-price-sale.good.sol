// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

library MathChecks {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        require((c = a + b) >= a, "MathChecks: add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256 c) {
        require((c = a - b) <= a, "MathChecks: sub");
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        require(a == 0 || (c = a * b) / a == b, "MathChecks: mul");
    }
}

interface ISaleToken {
    function balanceOf(address account) external view returns (uint256);
    function decimals() external view returns (uint8);
}

/// @title Sale of tokens at a price that falls with time
/// @notice All buyers pay the final price: the difference is paid back.
contract FallingPriceSale {
    using MathChecks for uint256;

    struct Terms {
        uint256 startsAt;
        uint256 endsAt;
        uint256 startPrice;
        uint256 floorPrice;
        uint256 supply;
    }

    uint256 private constant UNIT = 1e18;

    ISaleToken public immutable token;
    address payable public immutable issuer;
    Terms public terms;

    uint256 public sold;
    uint256 public finalPrice;
    bool public proceedsTaken;
    mapping(address => uint256) public units;
    mapping(address => uint256) public paid;
    bool private funded;

    event Funded(uint256 supply);
    event Bought(address indexed buyer, uint256 units, uint256 paid, uint256 price);
    event Finished(uint256 sold, uint256 finalPrice);
    event Claimed(address indexed buyer, uint256 tokens, uint256 refund);
    event ProceedsTaken(uint256 amount, uint256 unsold);

    modifier onlyIssuer() {
        require(issuer == msg.sender, "Sale: not the issuer");
        _;
    }

    modifier finished() {
        require(finalPrice != 0, "Sale: not finished");
        _;
    }

    constructor(
        ISaleToken token_,
        uint256 startsAt,
        uint256 duration,
        uint256 startPrice,
        uint256 floorPrice,
        uint256 supply
    ) public {
        require(address(token_) != address(0) && token_.decimals() == 18, "Sale: token");
        require(startsAt > block.timestamp && startsAt < block.timestamp + 90 days, "Sale: start");
        require(duration >= 1 hours && duration <= 30 days, "Sale: duration");
        require(floorPrice > 0 && startPrice > floorPrice && startPrice < 1e24, "Sale: prices");
        require(supply >= 1 && supply < 1e15, "Sale: supply");
        token = token_;
        issuer = msg.sender;
        terms = Terms(startsAt, startsAt + duration, startPrice, floorPrice, supply);
    }

    /// @notice Brings the tokens; must be done before the start.
    function fund() external onlyIssuer {
        require(!funded, "Sale: funded");
        require(block.timestamp < terms.startsAt, "Sale: started");
        funded = true;
        emit Funded(terms.supply);
        uint256 amount = terms.supply.mul(UNIT);
        _tokenCall(abi.encodeWithSignature("transferFrom(address,address,uint256)", issuer, this, amount));
        require(token.balanceOf(address(this)) >= amount, "Sale: not enough tokens");
    }

    /// @param maxPrice the highest price per unit the buyer agrees to
    function buy(uint256 amount, uint256 maxPrice) external payable {
        require(funded && block.timestamp >= terms.startsAt, "Sale: not started");
        require(block.timestamp < terms.endsAt && finalPrice == 0, "Sale: over");
        uint256 price = currentPrice();
        require(price <= maxPrice, "Sale: price");
        require(amount > 0 && amount <= terms.supply.sub(sold), "Sale: amount");
        uint256 cost = amount.mul(price);
        require(msg.value >= cost, "Sale: payment");

        sold = sold.add(amount);
        units[msg.sender] = units[msg.sender].add(amount);
        // everything is booked; what is above the final price comes back with the claim
        paid[msg.sender] = paid[msg.sender].add(msg.value);
        emit Bought(msg.sender, amount, msg.value, price);
        if (sold == terms.supply) {
            _finish(price);
        }
    }

    function finish() external {
        require(finalPrice == 0, "Sale: finished");
        require(block.timestamp >= terms.endsAt, "Sale: runs");
        _finish(terms.floorPrice);
    }

    /// @notice Tokens and the overpaid ether for the caller.
    function claim() external finished {
        uint256 amount = units[msg.sender];
        require(amount > 0, "Sale: nothing to claim");
        uint256 back = paid[msg.sender].sub(amount.mul(finalPrice));
        units[msg.sender] = 0;
        paid[msg.sender] = 0;
        emit Claimed(msg.sender, amount.mul(UNIT), back);
        _tokenCall(abi.encodeWithSignature("transfer(address,uint256)", msg.sender, amount.mul(UNIT)));
        if (back > 0) {
            (bool ok, ) = msg.sender.call{value: back}("");
            require(ok, "Sale: refund failed");
        }
    }

    function takeProceeds() external onlyIssuer finished {
        require(!proceedsTaken, "Sale: taken");
        proceedsTaken = true;
        uint256 amount = sold.mul(finalPrice);
        uint256 unsold = funded ? terms.supply.sub(sold) : 0;
        emit ProceedsTaken(amount, unsold);
        if (unsold > 0) {
            _tokenCall(abi.encodeWithSignature("transfer(address,uint256)", issuer, unsold.mul(UNIT)));
        }
        (bool ok, ) = issuer.call{value: amount}("");
        require(ok, "Sale: payment failed");
    }

    function currentPrice() public view returns (uint256) {
        Terms memory t = terms;
        if (block.timestamp <= t.startsAt) {
            return t.startPrice;
        }
        if (block.timestamp >= t.endsAt) {
            return t.floorPrice;
        }
        uint256 fall = (t.startPrice - t.floorPrice).mul(block.timestamp - t.startsAt);
        return t.startPrice.sub(fall / (t.endsAt - t.startsAt));
    }

    function _finish(uint256 price) private {
        finalPrice = price;
        emit Finished(sold, price);
    }

    /// @dev accepts tokens that return nothing as well as those that return true
    function _tokenCall(bytes memory data) private {
        (bool ok, bytes memory answer) = address(token).call(data);
        require(ok, "Sale: token call failed");
        if (answer.length > 0) {
            require(abi.decode(answer, (bool)), "Sale: token refused");
        }
    }
}
