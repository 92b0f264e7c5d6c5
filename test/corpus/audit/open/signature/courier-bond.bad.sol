// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Couriers leave a bond, the dispatcher signs what they may take out
contract CourierBond {
    struct Courier {
        uint256 bond;
        uint256 nonce;
        uint256 trips;
    }

    address public dispatcher;
    address payable public office;
    mapping(address => Courier) public couriers;
    uint256 public fines;

    event Bonded(address indexed courier, uint256 amount);
    event TakenOut(address indexed courier, uint256 amount, uint256 nonce);
    event Fined(address indexed courier, uint256 amount);
    event TripDone(address indexed courier);
    event FinesPaid(uint256 amount);
    event DispatcherChanged(address indexed next);

    modifier onlyDispatcher() {
        require(msg.sender == dispatcher, "dispatcher only");
        _;
    }

    constructor(address dispatcher_, address payable office_) {
        require(dispatcher_ != address(0) && office_ != address(0), "zero");
        dispatcher = dispatcher_;
        office = office_;
    }

    function bond() external payable {
        require(msg.value > 0, "nothing sent");
        couriers[msg.sender].bond = couriers[msg.sender].bond + msg.value;
        emit Bonded(msg.sender, msg.value);
    }

    function tripDone(address courier) external onlyDispatcher {
        require(couriers[courier].bond > 0, "not bonded");
        couriers[courier].trips++;
        emit TripDone(courier);
    }

    function fine(address courier, uint256 amount) external onlyDispatcher {
        require(couriers[courier].bond >= amount, "more than the bond");
        couriers[courier].bond = couriers[courier].bond - amount;
        fines = fines + amount;
        emit Fined(courier, amount);
    }

    /// @notice Take out a part of the bond with the dispatcher's consent.
    function takeOut(uint256 amount, uint256 validUntil, uint8 v, bytes32 r, bytes32 s) external {
        require(block.timestamp <= validUntil, "consent is too old");
        Courier storage courier = couriers[msg.sender];
        require(amount > 0 && courier.bond >= amount, "more than the bond");
        bytes32 digest = _consent(msg.sender, amount, courier.nonce, validUntil);
        require(_recover(digest, v, r, s) == dispatcher, "no consent");
        courier.nonce = courier.nonce + 1;
        courier.bond = courier.bond - amount;
        emit TakenOut(msg.sender, amount, courier.nonce);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment failed");
    }

    function payFines() external {
        uint256 amount = fines;
        fines = 0;
        emit FinesPaid(amount);
        (bool ok, ) = office.call{value: amount}("");
        require(ok, "payment failed");
    }

    function changeDispatcher(address next) external onlyDispatcher {
        require(next != address(0), "zero");
        dispatcher = next;
        emit DispatcherChanged(next);
    }

    function _consent(address courier, uint256 amount, uint256 nonce, uint256 validUntil) private view returns (bytes32) {
        bytes32 topic = keccak256(abi.encodePacked("CourierBond", dispatcher));
        bytes32 inner = keccak256(abi.encode(topic, courier, amount, nonce, validUntil)); // <-- signature
        return keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", inner));
    }

    function _recover(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private pure returns (address signer) {
        require(uint256(s) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, "bad s");
        require(v == 27 || v == 28, "bad v");
        signer = ecrecover(digest, v, r, s);
        require(signer != address(0), "bad signature");
    }

    function _chainId() internal pure returns (uint256 id) {
        assembly {
            id := chainid()
        }
    }
}
