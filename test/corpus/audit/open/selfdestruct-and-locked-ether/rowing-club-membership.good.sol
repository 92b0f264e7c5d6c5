// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IToken {
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
}

contract ClubBase {
    address public secretary;
    address public candidate;

    event SecretaryProposed(address indexed candidate);
    event SecretaryChanged(address indexed secretary);
    event TokensSwept(address indexed token, uint256 amount);
    event DuesSwept(uint256 amount);

    modifier onlySecretary() {
        require(msg.sender == secretary, "not secretary");
        _;
    }

    constructor() {
        secretary = msg.sender;
    }

    function proposeSecretary(address next) external onlySecretary {
        candidate = next;
        emit SecretaryProposed(next);
    }

    function acceptSecretary() external {
        require(msg.sender == candidate, "not candidate");
        secretary = candidate;
        candidate = address(0);
        emit SecretaryChanged(secretary);
    }

    /// @notice Tokens sent to the club are handed to the secretary.
    function sweep(IToken token) external onlySecretary {
        uint256 amount = token.balanceOf(address(this));
        emit TokensSwept(address(token), amount);
        require(token.transfer(secretary, amount), "token transfer failed");
    }

    function sweepDues() external onlySecretary {
        uint256 amount = address(this).balance;
        emit DuesSwept(amount);
        (bool ok, ) = secretary.call{value: amount}("");
        require(ok, "dues transfer failed");
    }
}

contract RowingClubMembership is ClubBase {
    uint256 public constant YEARLY_DUES = 0.08 ether;

    mapping(address => uint256) public paidUntil;
    mapping(address => uint8) public boatClass;

    event Renewed(address indexed member, uint256 until);
    event BoatClassSet(address indexed member, uint8 boatClass);

    /// @notice Extends the membership by one year.
    function renew() external payable {
        require(msg.value == YEARLY_DUES, "dues");
        uint256 from = paidUntil[msg.sender];
        if (from < block.timestamp) {
            from = block.timestamp;
        }
        require(from < block.timestamp + 730 days, "too far ahead");
        paidUntil[msg.sender] = from + 365 days;
        emit Renewed(msg.sender, from + 365 days);
    }

    function setBoatClass(address member, uint8 class_) external onlySecretary {
        require(class_ <= 4, "class");
        require(paidUntil[member] >= block.timestamp, "not a member");
        boatClass[member] = class_;
        emit BoatClassSet(member, class_);
    }

    function mayRow(address member, uint8 class_) external view returns (bool) {
        return paidUntil[member] >= block.timestamp && boatClass[member] >= class_;
    }
}
