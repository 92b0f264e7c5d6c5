pragma solidity ^0.5.17;

/**
 * Residents' parking. A permit belongs to a number plate (its hash) and a
 * zone, anybody may pay for it. Wardens look permits up in the street.
 */
contract Council {
    address payable public clerk;
    address payable public nextClerk;

    event ClerkProposed(address indexed candidate);
    event ClerkChanged(address indexed oldClerk, address indexed newClerk);

    modifier onlyClerk() {
        require(msg.sender == clerk, "clerk only");
        _;
    }

    constructor() public {
        clerk = msg.sender;
        emit ClerkChanged(address(0), msg.sender);
    }

    function proposeClerk(address payable candidate) external onlyClerk {
        require(candidate != address(0), "zero");
        nextClerk = candidate;
        emit ClerkProposed(candidate);
    }

    function acceptClerk() external {
        require(msg.sender == nextClerk, "not proposed");
        emit ClerkChanged(clerk, nextClerk);
        clerk = nextClerk;
        nextClerk = address(0);
    }
}

contract ParkingPermits is Council {
    uint256 public constant MAX_MONTHS = 12;
    uint256 public constant MAX_FEE = 1 ether;
    uint256 public constant MONTH = 30 days;

    mapping(uint8 => uint256) public monthlyFee;
    mapping(uint8 => mapping(bytes32 => uint256)) public validUntil;

    event FeeSet(uint8 indexed zone, uint256 fee);
    event Permit(uint8 indexed zone, bytes32 indexed plate, uint256 until);
    event Revoked(uint8 indexed zone, bytes32 indexed plate);
    event FeesTaken(uint256 amount);

    function setFee(uint8 zone, uint256 fee) external onlyClerk {
        require(fee > 0 && fee <= MAX_FEE, "fee");
        monthlyFee[zone] = fee;
        emit FeeSet(zone, fee);
    }

    function park(uint8 zone, bytes32 plate, uint256 months) external payable {
        require(plate != bytes32(0), "plate");
        require(months > 0 && months <= MAX_MONTHS, "months");
        require(monthlyFee[zone] > 0, "no such zone");
        require(msg.value == months * monthlyFee[zone], "fee");
        uint256 start = validUntil[zone][plate];
        if (start < now) {
            start = now;
        }
        validUntil[zone][plate] = start + months * MONTH;
        emit Permit(zone, plate, validUntil[zone][plate]);
    }

    function revoke(uint8 zone, bytes32 plate) external onlyClerk {
        require(validUntil[zone][plate] > now, "not valid");
        validUntil[zone][plate] = now;
        emit Revoked(zone, plate);
    }

    function isValid(uint8 zone, bytes32 plate) external view returns (bool) {
        return validUntil[zone][plate] > now;
    }

    function takeFees() external onlyClerk {
        uint256 amount = address(this).balance;
        emit FeesTaken(amount);
        clerk.transfer(amount);
    }
}
