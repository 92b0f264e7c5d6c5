// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @notice Random words from a verifiable source.
interface IWordSource {
    function requestWord() external returns (uint256 requestId);
}

/// @title Loot chests of an adventure game
/// @notice A key opens a chest, and the chest holds one of four tiers of loot.
contract LootChests {
    enum Tier { Common, Rare, Epic, Legendary }

    uint256 public constant KEY_PRICE = 0.002 ether;
    uint256 public constant MAX_KEYS = 50;

    address payable public immutable studio;
    IWordSource public immutable source;
    uint256 private _seed;

    mapping(address => uint256) public keysOf;
    mapping(address => mapping(uint8 => uint256)) public lootOf;
    mapping(uint256 => address) public openerOf;

    event KeysBought(address indexed player, uint256 count);
    event ChestOpened(address indexed player, Tier tier);
    event SourceAsked(address indexed player, uint256 indexed requestId);

    modifier onlyStudio() {
        require(msg.sender == studio, "only the studio");
        _;
    }

    constructor(IWordSource source_, uint256 seed_) public {
        require(address(source_) != address(0), "no source");
        studio = msg.sender;
        source = source_;
        _seed = seed_;
    }

    function buyKeys(uint256 count) external payable {
        require(count > 0 && count <= MAX_KEYS, "count out of range");
        require(msg.value == count * KEY_PRICE, "wrong payment");
        keysOf[msg.sender] += count;
        emit KeysBought(msg.sender, count);
    }

    function openChest() external {
        require(keysOf[msg.sender] > 0, "no key");
        keysOf[msg.sender] -= 1;
        _fill(msg.sender, _next());
    }

    function bank() external onlyStudio {
        uint256 amount = address(this).balance;
        (bool ok, ) = studio.call{value: amount}("");
        require(ok, "payment refused");
    }

    function _fill(address player, uint256 word) internal {
        uint256 roll = word % 1000;
        Tier tier = Tier.Common;
        if (roll < 5) tier = Tier.Legendary;
        else if (roll < 50) tier = Tier.Epic;
        else if (roll < 250) tier = Tier.Rare;
        lootOf[player][uint8(tier)] += 1;
        emit ChestOpened(player, tier);
    }

    /// @dev The seed is private and moves on with every chest.
    function _next() internal returns (uint256) {
        _seed = uint256(keccak256(abi.encodePacked(_seed, msg.sender))); // <-- randomness
        return _seed;
    }
}
