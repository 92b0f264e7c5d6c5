pragma solidity ^0.4.24;

contract TollLayout {
    address public owner;
    address public nextOwner;
    address public tariff;
    uint256 public toll;
    uint256 public changedAt;
    uint256 public passages;
    uint256 public revenue;
}

// The rules by which the toll may change. They are replaced when the authority
// changes the law, hence a contract of their own.
contract TollTariff {
    uint256 public toll;
    uint256 public changedAt;

    uint256 public constant HIGHEST = 0.05 ether;
    uint256 public constant NOTICE = 7 days;

    event TollChanged(uint256 toll);

    function changeToll(uint256 newToll) external {
        require(newToll > 0 && newToll <= HIGHEST, "toll out of range");
        require(now >= changedAt + NOTICE, "changed lately");
        toll = newToll;
        changedAt = now;
        emit TollChanged(newToll);
    }
}

contract TollRoad is TollLayout {
    event OwnerProposed(address indexed proposed);
    event OwnerChanged(address indexed owner);
    event TariffChanged(address indexed tariff);
    event Passed(address indexed driver, bytes32 plate, uint256 toll);
    event RevenueDrawn(uint256 amount);

    modifier onlyOwner() {
        require(msg.sender == owner, "owner only");
        _;
    }

    constructor(address _tariff, uint256 _toll) public {
        require(hasCode(_tariff));
        require(_toll > 0);
        owner = msg.sender;
        tariff = _tariff;
        toll = _toll;
        emit TariffChanged(_tariff);
    }

    function proposeOwner(address proposed) external onlyOwner {
        require(proposed != address(0));
        nextOwner = proposed;
        emit OwnerProposed(proposed);
    }

    function acceptOwner() external {
        require(msg.sender == nextOwner);
        owner = msg.sender;
        nextOwner = address(0);
        emit OwnerChanged(msg.sender);
    }

    function setTariff(address newTariff) external onlyOwner {
        require(hasCode(newTariff), "no contract");
        tariff = newTariff;
        emit TariffChanged(newTariff);
    }

    function changeToll(uint256 newToll) external onlyOwner {
        require(tariff.delegatecall(abi.encodeWithSignature("changeToll(uint256)", newToll))); // <-- delegatecall-proxy
    }

    function pass(bytes32 plate) external payable {
        require(msg.value == toll, "pay the toll");
        passages += 1;
        revenue += msg.value;
        emit Passed(msg.sender, plate, msg.value);
    }

    function drawRevenue() external onlyOwner {
        uint256 amount = revenue;
        require(amount > 0);
        revenue = 0;
        owner.transfer(amount);
        emit RevenueDrawn(amount);
    }

    function hasCode(address a) private view returns (bool) {
        uint256 size;
        assembly { size := extcodesize(a) }
        return size > 0;
    }
}
