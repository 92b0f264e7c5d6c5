// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// Arithmetic that stops on overflow.
library CheckedMath {
    function plus(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "plus");
    }

    function minus(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "minus");
        return a - b;
    }

    function times(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) {
            return 0;
        }
        c = a * b;
        require(c / a == b, "times");
    }
}

contract Arbitrated {
    address public arbiter;
    address public nextArbiter;

    event ArbiterProposed(address indexed next);
    event ArbiterChanged(address indexed arbiter);

    constructor(address _arbiter) internal {
        require(_arbiter != address(0), "arbiter");
        arbiter = _arbiter;
    }

    modifier onlyArbiter() {
        require(msg.sender == arbiter, "not the arbiter");
        _;
    }

    function proposeArbiter(address next) external onlyArbiter {
        nextArbiter = next;
        emit ArbiterProposed(next);
    }

    function acceptArbiter() external {
        require(msg.sender == nextArbiter && msg.sender != address(0), "not proposed");
        arbiter = msg.sender;
        nextArbiter = address(0);
        emit ArbiterChanged(msg.sender);
    }
}

/**
 * @title Escrow for trades of goods
 * The buyer pays in; the seller is paid when the buyer confirms or the arbiter
 * decides for him. All money is fetched by its owner with `withdraw`.
 */
contract TradeEscrow is Arbitrated {
    using CheckedMath for uint256;

    enum Stage { None, Offered, Paid, Disputed, Closed }

    struct Trade {
        address seller;
        address buyer;
        uint256 price;
        uint256 deliverBy;
        bytes32 goods;
        Stage stage;
    }

    uint256 public constant FEE_PER_MILLE = 5;
    uint256 public constant GRACE = 14 days;
    uint256 public constant PATIENCE = 60 days;

    uint256 public tradeCount;
    mapping(uint256 => Trade) public trades;
    mapping(address => uint256) private balances;
    uint256 public totalOwed;

    event Offered(uint256 indexed id, address indexed seller, uint256 price, bytes32 goods);
    event Paid(uint256 indexed id, address indexed buyer);
    event Withdrawn(address indexed account, uint256 amount);
    event Disputed(uint256 indexed id, address indexed by);
    event Closed(uint256 indexed id, uint256 toSeller, uint256 toBuyer, uint256 fee);

    constructor(address _arbiter) public Arbitrated(_arbiter) {}

    modifier inStage(uint256 id, Stage wanted) {
        require(trades[id].stage == wanted, "wrong stage");
        _;
    }

    modifier onlyParty(uint256 id) {
        Trade storage trade = trades[id];
        require(msg.sender == trade.seller || msg.sender == trade.buyer, "no party");
        _;
    }

    function offer(address buyer, uint256 price, uint256 deliverIn, bytes32 goods)
        external
        returns (uint256 id)
    {
        require(buyer != address(0) && buyer != msg.sender, "buyer");
        require(price > 0 && price < 1000000 ether, "price");
        require(deliverIn >= 1 days && deliverIn <= 180 days, "delivery");
        tradeCount = tradeCount.plus(1);
        id = tradeCount;
        Trade storage trade = trades[id];
        trade.seller = msg.sender;
        trade.buyer = buyer;
        trade.price = price;
        trade.deliverBy = now.plus(deliverIn);
        trade.goods = goods;
        trade.stage = Stage.Offered;
        emit Offered(id, msg.sender, price, goods);
    }

    function pay(uint256 id) external payable inStage(id, Stage.Offered) {
        Trade storage trade = trades[id];
        require(msg.sender == trade.buyer, "not the buyer");
        require(msg.value == trade.price, "price");
        require(now < trade.deliverBy, "too late");
        trade.stage = Stage.Paid;
        emit Paid(id, msg.sender);
    }

    function confirm(uint256 id) external inStage(id, Stage.Paid) {
        require(msg.sender == trades[id].buyer, "not the buyer");
        _close(id, trades[id].price, false);
    }

    function dispute(uint256 id) external onlyParty(id) inStage(id, Stage.Paid) {
        trades[id].stage = Stage.Disputed;
        emit Disputed(id, msg.sender);
    }

    /// The seller gives the money back of his own will.
    function giveBack(uint256 id) external {
        Trade storage trade = trades[id];
        require(msg.sender == trade.seller, "not the seller");
        require(trade.stage == Stage.Paid || trade.stage == Stage.Disputed, "wrong stage");
        _close(id, 0, false);
    }

    /// If the buyer stays silent after the delivery date the seller is paid.
    function claimAfterGrace(uint256 id) external inStage(id, Stage.Paid) {
        require(msg.sender == trades[id].seller, "not the seller");
        require(now > trades[id].deliverBy.plus(GRACE), "too early");
        _close(id, trades[id].price, false);
    }

    function decide(uint256 id, uint256 toSeller) external onlyArbiter inStage(id, Stage.Disputed) {
        require(toSeller <= trades[id].price, "more than the price");
        _close(id, toSeller, true);
    }

    /// If the arbiter does nothing the parties get one half each.
    function splitAfterPatience(uint256 id) external onlyParty(id) inStage(id, Stage.Disputed) {
        require(now > trades[id].deliverBy.plus(PATIENCE), "too early");
        _close(id, trades[id].price / 2, false);
    }

    function withdraw() external {
        uint256 amount = balances[msg.sender];
        require(amount > 0, "nothing to withdraw");
        balances[msg.sender] = 0;
        totalOwed = totalOwed.minus(amount);
        emit Withdrawn(msg.sender, amount);
        require(msg.sender.call.value(amount)(), "payment failed");
    }

    function balanceOf(address account) external view returns (uint256) {
        return balances[account];
    }

    function _close(uint256 id, uint256 toSeller, bool withFee) private {
        Trade storage trade = trades[id];
        trade.stage = Stage.Closed;
        uint256 toBuyer = trade.price.minus(toSeller);
        uint256 fee = 0;
        if (withFee) {
            fee = toSeller.times(FEE_PER_MILLE) / 1000;
            toSeller = toSeller.minus(fee);
        }
        balances[trade.seller] = balances[trade.seller].plus(toSeller);
        balances[trade.buyer] = balances[trade.buyer].plus(toBuyer);
        balances[arbiter] = balances[arbiter].plus(fee);
        totalOwed = totalOwed.plus(trade.price);
        emit Closed(id, toSeller, toBuyer, fee);
    }
}
