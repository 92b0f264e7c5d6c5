pragma solidity ^0.4.24;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a);
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        if (a == 0) {
            return 0;
        }
        uint256 c = a * b;
        require(c / a == b);
        return c;
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0);
        return a / b;
    }
}

// Auction of one number plate; the losers take their bids back themselves.
contract PlateAuction {
    using SafeMath for uint256;

    string public plate;
    address public office;
    uint256 public endsAt;
    uint256 public minStep;
    address public leader;
    uint256 public leadingBid;
    bool public finished;
    mapping(address => uint256) public refunds;

    event Bid(address indexed bidder, uint256 amount);
    event Refund(address indexed bidder, uint256 amount);
    event Finished(address indexed winner, uint256 amount);

    function PlateAuction(string _plate, uint256 _duration, uint256 _minStep) public {
        require(_duration >= 1 days && _duration <= 60 days);
        require(_minStep > 0);
        plate = _plate;
        office = msg.sender;
        endsAt = now.add(_duration);
        minStep = _minStep;
    }

    function bid() public payable {
        require(now < endsAt);
        require(msg.value >= leadingBid.add(minStep));
        if (leader != address(0)) {
            refunds[leader] = refunds[leader].add(leadingBid);
        }
        leader = msg.sender;
        leadingBid = msg.value;
        emit Bid(msg.sender, msg.value);
    }

    function takeRefund() public returns (bool) {
        uint256 amount = refunds[msg.sender];
        if (amount > 0) {
            refunds[msg.sender] = 0;
            require(msg.sender.send(amount));
            emit Refund(msg.sender, amount);
        }
        return true;
    }

    function finish() public {
        require(msg.sender == office);
        require(now >= endsAt);
        require(!finished);
        finished = true;
        if (leader != address(0)) {
            require(office.send(leadingBid));
        }
        emit Finished(leader, leadingBid);
    }

    function plateHolder() public view returns (address) {
        return finished ? leader : address(0);
    }
}
