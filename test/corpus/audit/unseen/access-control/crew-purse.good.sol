// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// Purse of one film crew: the producer owns it, a paymaster pays day rates.
contract CrewPurse {
    uint256 public constant MAX_DAY_RATE = 5 ether;

    address payable public producer;
    address public paymaster;
    bool public ready;
    mapping(address => uint256) public dayRate;
    mapping(address => uint256) public lastPaidDay;

    event SetUp(address indexed producer, address indexed paymaster);
    event PaymasterChanged(address indexed paymaster);
    event Rate(address indexed member, uint256 rate);
    event DayPaid(address indexed member, uint256 amount);
    event Wrapped(uint256 amount);

    modifier onlyProducer() {
        require(msg.sender == producer, "producer only");
        _;
    }

    /// Called by the studio in the transaction that deploys the purse.
    function setUp(address payable _producer, address _paymaster) external {
        require(!ready, "already set up");
        require(_producer != address(0) && _paymaster != address(0), "zero");
        ready = true;
        producer = _producer;
        paymaster = _paymaster;
        emit SetUp(_producer, _paymaster);
    }

    receive() external payable {}

    function setPaymaster(address _paymaster) external onlyProducer {
        require(_paymaster != address(0), "zero");
        paymaster = _paymaster;
        emit PaymasterChanged(_paymaster);
    }

    function setRate(address member, uint256 rate) external onlyProducer {
        require(member != address(0), "zero");
        require(rate <= MAX_DAY_RATE, "rate");
        dayRate[member] = rate;
        emit Rate(member, rate);
    }

    function payDay(address payable member) external {
        require(msg.sender == paymaster, "paymaster only");
        uint256 today = now / 1 days;
        require(lastPaidDay[member] < today, "paid today");
        uint256 amount = dayRate[member];
        require(amount > 0, "no rate");
        lastPaidDay[member] = today;
        emit DayPaid(member, amount);
        (bool ok, ) = member.call{value: amount}("");
        require(ok, "payment failed");
    }

    function wrap() external onlyProducer {
        uint256 amount = address(this).balance;
        emit Wrapped(amount);
        (bool ok, ) = producer.call{value: amount}("");
        require(ok, "payment failed");
    }
}

contract FilmStudio {
    CrewPurse[] public purses;

    event PurseMade(address indexed purse, address indexed producer);

    function makePurse(address paymaster) external returns (CrewPurse purse) {
        purse = new CrewPurse();
        purses.push(purse);
        purse.setUp(msg.sender, paymaster);
        emit PurseMade(address(purse), msg.sender);
    }

    function purseCount() external view returns (uint256) {
        return purses.length;
    }
}
