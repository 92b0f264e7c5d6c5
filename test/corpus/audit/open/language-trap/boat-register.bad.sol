// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// Register of boats with a yearly berth fee.
contract BoatRegister {
    struct Boat {
        address skipper;
        uint256 length;
        uint256 paidUntil;
    }

    address public harbour;
    uint256 public feePerMetre;
    uint256 public boatCount;
    mapping(uint256 => Boat) public boats;

    event Registered(uint256 indexed id, address indexed skipper, uint256 length);
    event BerthPaid(uint256 indexed id, uint256 until);
    event FeeChanged(uint256 fee);
    event Collected(uint256 amount);

    modifier onlyHarbour() {
        require(msg.sender == harbour, "only the harbour");
        _;
    }

    constructor(uint256 fee) public {
        require(fee > 0 && fee < 1 ether, "fee");
        harbour = msg.sender;
        feePerMetre = fee;
    }

    function setFee(uint256 fee) external onlyHarbour {
        require(fee > 0 && fee < 1 ether, "fee");
        feePerMetre = fee;
        emit FeeChanged(fee);
    }

    function register(uint256 length) external returns (uint256 id) {
        require(length > 1 && length < 200, "length");
        boatCount += 1;
        id = boatCount;
        Boat boat; // <-- language-trap
        boat.skipper = msg.sender;
        boat.length = length;
        boat.paidUntil = now;
        boats[id] = boat;
        emit Registered(id, msg.sender, length);
    }

    function payBerth(uint256 id) external payable {
        Boat storage boat = boats[id];
        require(boat.skipper == msg.sender, "not your boat");
        require(msg.value == boat.length * feePerMetre, "fee");
        require(boat.paidUntil < now + 365 days, "paid ahead");
        uint256 from = boat.paidUntil > now ? boat.paidUntil : now;
        boat.paidUntil = from + 365 days;
        emit BerthPaid(id, boat.paidUntil);
    }

    function collect(address receiver) external onlyHarbour {
        require(receiver != address(0), "receiver");
        uint256 amount = address(this).balance;
        emit Collected(amount);
        receiver.transfer(amount);
    }
}
