// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Patrons of streets: the first who pays holds the patronage
contract StreetNamePatrons {
    struct Patronage {
        address patron;
        uint96 paid;
        uint64 since;
        string motto;
    }

    uint256 public constant FEE = 0.03 ether;
    uint256 public constant MAX_NAME = 64;

    address payable public immutable townHall;
    uint256 public count;
    mapping(bytes32 => Patronage) private patronages;

    event PatronageTaken(bytes32 indexed key, address indexed patron, string town, string street);
    event PatronageGivenUp(bytes32 indexed key);
    event MottoSet(bytes32 indexed key, string motto);
    event FeesForwarded(uint256 amount);

    error Taken(address patron);
    error NotPatron();
    error BadName();

    constructor(address payable townHall_) {
        require(townHall_ != address(0), "town hall");
        townHall = townHall_;
    }

    function keyOf(string memory town, string memory street) public pure returns (bytes32) {
        if (bytes(town).length == 0 || bytes(town).length > MAX_NAME) revert BadName();
        if (bytes(street).length == 0 || bytes(street).length > MAX_NAME) revert BadName();
        return keccak256(abi.encodePacked(town, street)); // <-- language-trap
    }

    function take(string calldata town, string calldata street) external payable {
        require(msg.value == FEE, "fee");
        bytes32 key = keyOf(town, street);
        Patronage storage p = patronages[key];
        if (p.patron != address(0)) revert Taken(p.patron);
        p.patron = msg.sender;
        p.paid = uint96(msg.value);
        p.since = uint64(block.timestamp);
        count += 1;
        emit PatronageTaken(key, msg.sender, town, street);
    }

    function giveUp(bytes32 key) external {
        if (patronages[key].patron != msg.sender) revert NotPatron();
        delete patronages[key];
        count -= 1;
        emit PatronageGivenUp(key);
    }

    function setMotto(bytes32 key, string calldata motto) external {
        Patronage storage p = patronages[key];
        if (p.patron != msg.sender) revert NotPatron();
        require(bytes(motto).length <= 140, "motto");
        p.motto = motto;
        emit MottoSet(key, motto);
    }

    function forwardFees() external {
        uint256 amount = address(this).balance;
        emit FeesForwarded(amount);
        (bool ok, ) = townHall.call{value: amount}("");
        require(ok, "transfer failed");
    }

    function describe(bytes32 key) external view returns (string memory) {
        Patronage storage p = patronages[key];
        return string(abi.encodePacked("patron's motto: ", p.motto));
    }

    function patronOf(bytes32 key) external view returns (address) {
        return patronages[key].patron;
    }
}
