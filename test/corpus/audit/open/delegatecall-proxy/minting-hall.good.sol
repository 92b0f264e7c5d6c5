// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

abstract contract Batched {
    error CallFailed(uint256 index);

    /// @notice Runs several of this contract's functions in one transaction.
   function batch(bytes[] calldata calls) external returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
           (bool ok, bytes memory result) = address(this).delegatecall(calls[i]);
            if (!ok) {
                if (result.length == 0) revert CallFailed(i);
                assembly ("memory-safe") {
                    revert(add(result, 0x20), mload(result))
                }
            }
            results[i] = result;
        }
    }
}

/// @title A hall in which artists open editions and collectors mint from them
contract MintingHall is Batched {
    struct Edition {
        address artist;
        uint96 price;
        uint32 size;
        uint32 minted;
        bool open;
    }

    uint256 public editionCount;
    mapping(uint256 => Edition) public editions;
    mapping(uint256 => mapping(address => uint256)) public copies;
    mapping(address => uint256) public balances;

    event EditionOpened(uint256 indexed id, address indexed artist, uint96 price, uint32 size);
    event EditionClosed(uint256 indexed id);
    event Minted(uint256 indexed id, address indexed collector, uint32 number);
    event Given(uint256 indexed id, address indexed from, address indexed to, uint256 count);
    event Paid(address indexed artist, uint256 amount);

    error UnknownEdition(uint256 id);
    error NotArtist(uint256 id);
    error SoldOut(uint256 id);
    error WrongValue(uint256 expected, uint256 got);
    error NothingToPay();
    error PaymentFailed();

    function openEdition(uint96 price, uint32 size) external returns (uint256 id) {
        if (size == 0 || price == 0) revert UnknownEdition(0);
        id = ++editionCount;
        editions[id] = Edition(msg.sender, price, size, 0, true);
        emit EditionOpened(id, msg.sender, price, size);
    }

    function closeEdition(uint256 id) external {
        if (editions[id].artist != msg.sender) revert NotArtist(id);
        editions[id].open = false;
        emit EditionClosed(id);
    }

    function mint(uint256 id) external payable returns (uint32 number) {
        Edition storage edition = editions[id];
        if (!edition.open) revert UnknownEdition(id);
        if (edition.minted == edition.size) revert SoldOut(id);
        if (msg.value != edition.price) revert WrongValue(edition.price, msg.value);
        number = ++edition.minted;
        copies[id][msg.sender] += 1;
        balances[edition.artist] += edition.price;
        emit Minted(id, msg.sender, number);
    }

    function give(uint256 id, address to, uint256 count) external {
        if (to == address(0)) revert UnknownEdition(id);
        copies[id][msg.sender] -= count;
        copies[id][to] += count;
        emit Given(id, msg.sender, to, count);
    }

    function cash() external {
        uint256 amount = balances[msg.sender];
        if (amount == 0) revert NothingToPay();
        balances[msg.sender] = 0;
        emit Paid(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
