// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A purse of ether and calls for one owner
contract Purse {
    address public immutable works;
    address public owner;

    event Opened(address indexed owner);
    event Ran(address indexed to, uint256 value);
    event OwnerChanged(address indexed owner);

    error NotWorks();
    error NotOwner();
    error RunFailed();

    constructor() {
        works = msg.sender;
    }

    receive() external payable {}

    function open(address owner_) external {
        if (msg.sender != works || owner != address(0)) revert NotWorks();
        owner = owner_;
        emit Opened(owner_);
    }

    function run(address to, uint256 value, bytes calldata data) external returns (bytes memory) {
        if (msg.sender != owner) revert NotOwner();
        emit Ran(to, value);
        (bool ok, bytes memory result) = to.call{value: value}(data);
        if (!ok) revert RunFailed();
        return result;
    }

    function passTo(address next) external {
        if (msg.sender != owner || next == address(0)) revert NotOwner();
        owner = next;
        emit OwnerChanged(next);
    }
}

/// @title Makes purses at addresses that are known beforehand
/// @notice A purse's address may be handed out, and filled, before the purse is made.
contract PurseWorks {
    mapping(address => address) public purseOf;
    mapping(address => bool) public isPurse;
    uint256 public made;

    event Made(address indexed purse, address indexed owner, bytes32 salt);
    event Favourite(address indexed owner, address indexed purse);

    error BadOwner();
    error UnknownPurse(address purse);

    /// @notice Where a purse will be, or is.
   function addressOf(bytes32 salt) public view returns (address) {
        bytes32 codeHash = keccak256(type(Purse).creationCode);
        bytes32 full = keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, codeHash));
        return address(uint160(uint256(full)));
    }

    /// @notice Makes an owner's purse; anyone may pay for it.
    function make(address owner, bytes32 salt) external returns (Purse purse) {
        if (owner == address(0)) revert BadOwner();
       purse = new Purse{salt: salt}(); // <-- front-running
        purse.open(owner);
        isPurse[address(purse)] = true;
        made += 1;
        if (purseOf[owner] == address(0)) purseOf[owner] = address(purse);
        emit Made(address(purse), owner, salt);
    }

    function setFavourite(address purse) external {
        if (!isPurse[purse] || Purse(payable(purse)).owner() != msg.sender) revert UnknownPurse(purse);
        purseOf[msg.sender] = purse;
        emit Favourite(msg.sender, purse);
    }
}
