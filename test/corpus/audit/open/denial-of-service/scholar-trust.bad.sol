// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Holds gifts for scholars until each gift's day has come
contract ScholarTrust {
    struct Gift {
        address donor;
        uint96 amount;
        uint64 dueAt;
        bool taken;
    }

    uint64 public constant LONGEST = 3650 days;

    mapping(address => Gift[]) private _gifts;
    mapping(address => uint256) public promised;
    mapping(address => string) public greeting;
    uint256 public held;

    event Given(address indexed donor, address indexed scholar, uint256 index, uint256 amount, uint64 dueAt);
    event Taken(address indexed scholar, uint256 amount);
    event TakenBack(address indexed donor, address indexed scholar, uint256 index);

    error NoValue();
    error BadDate(uint64 dueAt);
    error NothingDue();
    error NotYours();
    error PaymentFailed();

    function give(address scholar, uint64 dueAt) external payable {
        if (msg.value == 0 || msg.value > type(uint96).max || scholar == address(0)) revert NoValue();
        if (dueAt <= block.timestamp || dueAt > block.timestamp + LONGEST) revert BadDate(dueAt);
        held += msg.value;
        promised[scholar] += msg.value;
        _gifts[scholar].push(Gift(msg.sender, uint96(msg.value), dueAt, false));
        emit Given(msg.sender, scholar, _gifts[scholar].length - 1, msg.value, dueAt);
    }

    function greet(string calldata text) external {
        greeting[msg.sender] = text;
    }

    /// @notice A donor changes their mind, a month before the day at the latest.
    function takeBack(address scholar, uint256 index) external {
        Gift storage gift = _gifts[scholar][index];
        if (gift.donor != msg.sender || gift.taken) revert NotYours();
        if (block.timestamp + 30 days > gift.dueAt) revert BadDate(gift.dueAt);
        gift.taken = true;
        emit TakenBack(msg.sender, scholar, index);
        _payOut(scholar, gift.amount);
    }

   /// @notice Pays everything that is due to the caller.
   function take() external {
       Gift[] storage gifts = _gifts[msg.sender];
       uint256 sum;
       for (uint256 i = 0; i < gifts.length; i++) { // <-- denial-of-service
           if (gifts[i].taken || gifts[i].dueAt > block.timestamp) continue;
           gifts[i].taken = true;
           sum += gifts[i].amount;
       }
        if (sum == 0) revert NothingDue();
        emit Taken(msg.sender, sum);
        _payOut(msg.sender, sum);
    }

    function giftCount(address scholar) external view returns (uint256) {
        return _gifts[scholar].length;
    }

    function giftAt(address scholar, uint256 index) external view returns (Gift memory) {
        return _gifts[scholar][index];
    }

    function _payOut(address scholar, uint256 amount) private {
        held -= amount;
        promised[scholar] -= amount;
        (bool ok, ) = msg.sender.call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
