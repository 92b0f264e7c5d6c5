// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Register of the friends of the lighthouse
/// @notice Gifts in ether raise the rank of the giver.
contract LighthouseDonations {
    enum Rank { None, Friend, Keeper, Patron }

    struct Donor {
        uint128 total;
        uint64 firstGift;
        Rank rank;
        string plaque;
    }

    uint256 public constant FRIEND_FROM = 0.05 ether;
    uint256 public constant KEEPER_FROM = 0.5 ether;
    uint256 public constant PATRON_FROM = 5 ether;

    address public immutable curator;
    address payable public immutable foundation;
    uint256 public donated;
    mapping(address => Donor) private donors;

    event Donated(address indexed donor, uint256 amount, Rank rank);
    event PlaqueSet(address indexed donor, string text);
    event PlaqueCleared(address indexed donor);
    event PaidOut(uint256 amount);

    error NotCurator();
    error TooSmall();
    error RankTooLow(Rank rank);

    constructor(address payable foundation_) {
        require(foundation_ != address(0), "foundation");
        curator = msg.sender;
        foundation = foundation_;
    }

    receive() external payable {
        _record(msg.sender, msg.value);
    }

    function donateFor(address donor) external payable {
        require(donor != address(0), "donor");
        _record(donor, msg.value);
    }

    function setPlaque(string calldata text) external {
        Donor storage d = donors[msg.sender];
        if (d.rank < Rank.Keeper) revert RankTooLow(d.rank);
        require(bytes(text).length <= 80, "too long");
        d.plaque = text;
        emit PlaqueSet(msg.sender, text);
    }

    function clearPlaque(address donor) external {
        if (msg.sender != curator) revert NotCurator();
        delete donors[donor].plaque;
        emit PlaqueCleared(donor);
    }

    function payOut() external {
        uint256 balance = address(this).balance;
        emit PaidOut(balance);
        (bool ok, ) = foundation.call{value: balance}("");
        require(ok, "payment failed");
    }

    function rankOf(address donor) external view returns (Rank) {
        return donors[donor].rank;
    }

    function donorInfo(address donor) external view returns (Donor memory) {
        return donors[donor];
    }

    function _record(address donor, uint256 amount) private {
        if (amount < 0.001 ether) revert TooSmall();
        Donor storage d = donors[donor];
        if (d.firstGift == 0) d.firstGift = uint64(block.timestamp);
        d.total += uint128(amount);
        donated += amount;
        d.rank = _rankFor(d.total);
        emit Donated(donor, amount, d.rank);
    }

    function _rankFor(uint256 total) private pure returns (Rank) {
        if (total >= PATRON_FROM) return Rank.Patron;
        if (total >= KEEPER_FROM) return Rank.Keeper;
        if (total >= FRIEND_FROM) return Rank.Friend;
        return Rank.None;
    }
}
