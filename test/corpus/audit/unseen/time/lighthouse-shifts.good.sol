pragma solidity ^0.4.24;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        assert(c >= a);
        return c;
    }
    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        assert(b <= a);
        return a - b;
    }
}

/**
 * Volunteers who keep the old lighthouse check in once in every six hour shift
 * and are paid a small wage from a fund. Now and then there is a bonus.
 */
contract LighthouseShifts {
    using SafeMath for uint256;

    uint256 public constant SHIFT = 6 hours;
    uint256 public constant WAGE = 2 finney;
    uint256 public constant BONUS = 500 finney;
    uint256 public constant BONUS_EVERY = 112;

    struct Keeper {
        bool hired;
        uint256 lastShift;
        uint256 streak;
        uint256 earned;
    }

    address public warden;
    address public pendingWarden;
    uint256 public epoch;
    uint256 public fund;
    mapping(address => Keeper) public keepers;

    event Hired(address indexed keeper);
    event Dismissed(address indexed keeper);
    event Endowed(address indexed donor, uint256 amount);
    event CheckedIn(address indexed keeper, uint256 shift, uint256 pay);
    event Paid(address indexed keeper, uint256 amount);
    event WardenProposed(address indexed who);
    event WardenChanged(address indexed who);

    modifier onlyWarden() {
        require(msg.sender == warden);
        _;
    }

    constructor() public {
        warden = msg.sender;
        epoch = now;
    }

    function proposeWarden(address who) external onlyWarden {
        require(who != address(0));
        pendingWarden = who;
        emit WardenProposed(who);
    }

    function acceptWarden() external {
        require(msg.sender == pendingWarden);
        warden = msg.sender;
        pendingWarden = address(0);
        emit WardenChanged(msg.sender);
    }

    function hire(address who) external onlyWarden {
        require(who != address(0) && !keepers[who].hired);
        keepers[who].hired = true;
        emit Hired(who);
    }

    function dismiss(address who) external onlyWarden {
        require(keepers[who].hired);
        keepers[who].hired = false;
        emit Dismissed(who);
    }

    function endow() external payable {
        require(msg.value > 0);
        fund = fund.add(msg.value);
        emit Endowed(msg.sender, msg.value);
    }

    // shifts are numbered from one
    function currentShift() public view returns (uint256) {
        return now.sub(epoch) / SHIFT + 1;
    }

    function checkIn() external {
        Keeper storage k = keepers[msg.sender];
        require(k.hired, "not a keeper");
        uint256 shift = currentShift();
        require(shift > k.lastShift, "already checked in");

        if (shift == k.lastShift + 1) {
            k.streak = k.streak.add(1);
        } else {
            k.streak = 1;
        }
        k.lastShift = shift;

        uint256 pay = WAGE;
        // four weeks without a gap
        if (k.streak % BONUS_EVERY == 0) {
            pay = pay.add(BONUS);
        }
        if (pay > fund) {
            pay = fund;
        }
        fund = fund.sub(pay);
        k.earned = k.earned.add(pay);
        emit CheckedIn(msg.sender, shift, pay);
    }

    function collect() external {
        uint256 amount = keepers[msg.sender].earned;
        require(amount > 0);
        keepers[msg.sender].earned = 0;
        msg.sender.transfer(amount);
        emit Paid(msg.sender, amount);
    }
}
