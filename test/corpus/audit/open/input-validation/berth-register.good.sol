// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Berths of a marina and who has them, kept as a dense list
contract BerthRegister {
    struct Berth {
        bytes32 name;
        address skipper;
        uint256 deposit;
    }

    address public harbourMaster;
    uint256 public constant MIN_DEPOSIT = 0.5 ether;
    uint256 public constant MAX_BERTHS = 300;

    Berth[] private berths;
    mapping(bytes32 => uint256) private indexOf;
    mapping(address => uint256) public refundable;

    event BerthTaken(bytes32 indexed name, address indexed skipper, uint256 deposit);
    event BerthLeft(bytes32 indexed name, address indexed skipper);
    event BerthCleared(bytes32 indexed name);
    event Refunded(address indexed skipper, uint256 amount);

    modifier onlyHarbourMaster() {
        require(msg.sender == harbourMaster, "harbour master only");
        _;
    }

    constructor() public {
        harbourMaster = msg.sender;
    }

    function take(bytes32 name) external payable {
        require(name != bytes32(0), "no name");
        require(msg.value >= MIN_DEPOSIT, "deposit too small");
        require(berths.length < MAX_BERTHS, "marina full");
        require(!isTaken(name), "berth taken");
        indexOf[name] = berths.length;
        berths.push(Berth(name, msg.sender, msg.value));
        emit BerthTaken(name, msg.sender, msg.value);
    }

    function leave(bytes32 name) external {
        require(isTaken(name), "berth is free");
        Berth storage berth = berths[indexOf[name]];
        require(berth.skipper == msg.sender, "skipper only");
        refundable[msg.sender] += berth.deposit;
        emit BerthLeft(name, msg.sender);
        removeBerth(indexOf[name]);
    }

    /// @notice A boat has been towed away, its deposit goes back to the skipper.
    function clear(bytes32 name) external onlyHarbourMaster {
        require(isTaken(name), "berth is free");
        uint256 index = indexOf[name];
        refundable[berths[index].skipper] += berths[index].deposit;
        emit BerthCleared(name);
        removeBerth(index);
    }

    function refund() external {
        uint256 amount = refundable[msg.sender];
        require(amount > 0, "nothing to refund");
        refundable[msg.sender] = 0;
        emit Refunded(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function isTaken(bytes32 name) public view returns (bool) {
        uint256 index = indexOf[name];
        return index < berths.length && berths[index].name == name;
    }

    function skipperOf(bytes32 name) external view returns (address) {
        require(isTaken(name), "berth is free");
        return berths[indexOf[name]].skipper;
    }

    function berthAt(uint256 index) external view returns (bytes32, address, uint256) {
        require(index < berths.length, "no such berth");
        Berth storage berth = berths[index];
        return (berth.name, berth.skipper, berth.deposit);
    }

    /// @dev the last berth moves into the gap
    function removeBerth(uint256 index) private {
        uint256 last = berths.length - 1;
        delete indexOf[berths[index].name];
        if (index != last) {
            berths[index] = berths[last];
            indexOf[berths[index].name] = index;
        }
        berths.length = last;
    }
}
