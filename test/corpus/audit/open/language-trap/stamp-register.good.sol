pragma solidity ^0.4.24;

/// Makers register their stamps for a fee; the assay master strikes off those who cheat.
contract StampRegister {
    address public assayMaster;
    uint256 public fee;
    uint256 public income;

    struct Stamp {
        address maker;
        uint256 registeredAt;
        uint256 paid;
        bytes32 mark;
    }

    Stamp[] private stamps;
    mapping(address => bool) public struckOff;
    mapping(address => uint256[]) private ownStamps;

    event Registered(uint256 indexed number, address indexed maker, bytes32 mark);
    event StruckOff(address indexed maker, bool yes);
    event FeeSet(uint256 fee);
    event IncomeTaken(uint256 amount);

    modifier onlyMaster() {
        require(msg.sender == assayMaster, "only the assay master");
        _;
    }

    constructor(uint256 fee_) public {
        require(fee_ > 0 && fee_ < 10 ether, "fee");
        assayMaster = msg.sender;
        fee = fee_;
    }

    function setFee(uint256 fee_) external onlyMaster {
        require(fee_ > 0 && fee_ < 10 ether, "fee");
        fee = fee_;
        emit FeeSet(fee_);
    }

    function strikeOff(address maker, bool yes) external onlyMaster {
        struckOff[maker] = yes;
        emit StruckOff(maker, yes);
    }

    function register(bytes32 mark) external payable returns (uint256 number) {
        require(msg.value == fee, "fee");
        require(mark != bytes32(0), "mark");
        require(!struckOff[msg.sender], "struck off");
        income += msg.value;

       Stamp memory stamp;
        stamp.maker = msg.sender;
        stamp.registeredAt = now;
        stamp.paid = msg.value;
        stamp.mark = mark;
        stamps.push(stamp);

        number = stamps.length;
        ownStamps[msg.sender].push(number);
        emit Registered(number, msg.sender, mark);
    }

    function takeIncome() external onlyMaster {
        uint256 amount = income;
        require(amount > 0, "nothing");
        income = 0;
        emit IncomeTaken(amount);
        msg.sender.transfer(amount);
    }

    function stampOf(uint256 number) external view returns (address maker, bytes32 mark, bool inForce) {
        require(number != 0 && number <= stamps.length, "unknown");
        Stamp storage found = stamps[number - 1];
        return (found.maker, found.mark, !struckOff[found.maker]);
    }

    function stampsOf(address maker) external view returns (uint256[]) {
        return ownStamps[maker];
    }

    function count() external view returns (uint256) {
        return stamps.length;
    }
}
