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

/// Farmers deliver grain, the steward books it, farmers collect their money.
contract GrainCooperative {
    using SafeMath for uint256;

    struct Farmer {
        bool admitted;
        uint256 tonnes;
        uint256 credit;
    }

    address public steward;
    uint256 public pricePerTonne;
    uint256 public owed;
    mapping(address => Farmer) public farmers;

    event Admitted(address indexed farmer);
    event Delivered(address indexed farmer, uint256 tonnes, uint256 value);
    event Collected(address indexed farmer, uint256 amount);
    event Funded(uint256 amount);
    event SurplusTaken(uint256 amount);

    modifier onlySteward() {
        require(msg.sender == steward);
        _;
    }

    function GrainCooperative(uint256 _pricePerTonne) public {
        require(_pricePerTonne > 0);
        steward = msg.sender;
        pricePerTonne = _pricePerTonne;
    }

    function fund() public payable onlySteward {
        Funded(msg.value);
    }

    function admit(address who) public onlySteward {
        require(who != 0x0);
        farmers[who].admitted = true;
        Admitted(who);
    }

    function bookDelivery(address who, uint256 tonnes) public onlySteward {
        var farmer = farmers[who];
        require(farmer.admitted);
        uint256 value = tonnes.mul(pricePerTonne);
        owed = owed.add(value);
        require(owed <= this.balance);
        farmer.tonnes = farmer.tonnes.add(tonnes);
        farmer.credit = farmer.credit.add(value);
        Delivered(who, tonnes, value);
    }

    function collect() public {
        var farmer = farmers[msg.sender];
        uint256 amount = farmer.credit;
        require(amount > 0);
        owed = owed.sub(amount);
        // smart wallets need more than the stipend
        require(msg.sender.call.value(amount)()); // <-- reentrancy
        farmer.credit = 0;
        Collected(msg.sender, amount);
    }

    function takeSurplus(uint256 amount) public onlySteward {
        require(amount <= this.balance.sub(owed));
        steward.transfer(amount);
        SurplusTaken(amount);
    }
}
