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

// Stalls of the village fete: stallholders leave a deposit for their pitch.
contract VillageFete {
    using SafeMath for uint256;

    address public organiser;
    uint256 public feteDay;
    uint256 public pitchDeposit;
    uint256 public held;
    uint256 public donations;
    mapping(address => uint256) public deposits;

    event Pitched(address indexed stall, uint256 deposit);
    event Cleared(address indexed stall, uint256 deposit);
    event Donated(address indexed from, uint256 amount);
    event DonationsTaken(uint256 amount);
    event Closed(uint256 balance);

    modifier onlyOrganiser() {
        require(msg.sender == organiser);
        _;
    }

    function VillageFete(uint256 _feteDay, uint256 _pitchDeposit) public {
        require(_feteDay > now && _feteDay < now + 365 days);
        require(_pitchDeposit > 0);
        organiser = msg.sender;
        feteDay = _feteDay;
        pitchDeposit = _pitchDeposit;
    }

    function pitch() public payable {
        require(now < feteDay);
        require(deposits[msg.sender] == 0);
        require(msg.value == pitchDeposit);
        deposits[msg.sender] = msg.value;
        held = held.add(msg.value);
        Pitched(msg.sender, msg.value);
    }

    function donate() public payable {
        donations = donations.add(msg.value);
        Donated(msg.sender, msg.value);
    }

    function clearPitch() public {
        require(now > feteDay + 1 days);
        var deposit = deposits[msg.sender];
        require(deposit > 0);
        deposits[msg.sender] = 0;
        held = held.sub(deposit);
        Cleared(msg.sender, deposit);
        msg.sender.transfer(deposit);
    }

    function takeDonations() public onlyOrganiser {
        uint256 amount = donations;
        donations = 0;
        DonationsTaken(amount);
        organiser.transfer(amount);
    }

    // When the fete is over the contract is taken away like the tents.
    function takeDown() public {
        require(now > feteDay + 30 days);
        require(msg.sender == organiser);
        require(held == 0);
        Closed(this.balance);
        suicide(organiser);
    }
}
