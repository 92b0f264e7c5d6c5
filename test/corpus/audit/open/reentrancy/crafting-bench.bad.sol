// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title CraftingBench
/// @notice Players earn energy from the game server and turn it into items. Items can be broken
///         up again, which gives a part of the energy back.
contract CraftingBench is ERC1155, AccessControl {
    bytes32 public constant SERVER = keccak256("SERVER");
    bytes32 public constant DESIGNER = keccak256("DESIGNER");

    struct Recipe {
        uint64 energy;
        uint64 scrapEnergy;
        uint64 maxSupply;
        bool known;
    }

    mapping(uint256 => Recipe) public recipes;
    mapping(uint256 => uint256) public supplyOf;
    mapping(address => uint256) public energyOf;

    event RecipeAdded(uint256 indexed item, uint64 energy, uint64 scrapEnergy, uint64 maxSupply);
    event EnergyEarned(address indexed player, uint256 energy);
    event Crafted(address indexed player, uint256 indexed item, uint256 count);
    event Scrapped(address indexed player, uint256 indexed item, uint256 count);

    constructor(string memory uri_, address admin) ERC1155(uri_) {
        require(admin != address(0), "no admin");
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    function addRecipe(uint256 item, Recipe calldata r) external onlyRole(DESIGNER) {
        require(!recipes[item].known, "already known");
        require(r.energy > 0 && r.scrapEnergy <= r.energy && r.maxSupply > 0, "bad recipe");
        recipes[item] = Recipe(r.energy, r.scrapEnergy, r.maxSupply, true);
        emit RecipeAdded(item, r.energy, r.scrapEnergy, r.maxSupply);
    }

    function earn(address player, uint256 energy) external onlyRole(SERVER) {
        require(player != address(0), "no player");
        energyOf[player] += energy;
        emit EnergyEarned(player, energy);
    }

    /// @notice Spend energy on `count` pieces of an item.
    function craft(uint256 item, uint256 count) external {
        Recipe memory r = recipes[item];
        require(r.known && count > 0, "nothing to craft");
        uint256 cost = count * r.energy;
        uint256 energy = energyOf[msg.sender];
        require(energy >= cost, "not enough energy");
        uint256 made = supplyOf[item] + count;
        require(made <= r.maxSupply, "supply reached");

        _mint(msg.sender, item, count, ""); // <-- reentrancy
        energyOf[msg.sender] = energy - cost;
        supplyOf[item] = made;
        emit Crafted(msg.sender, item, count);
    }

    function scrap(uint256 item, uint256 count) external {
        Recipe memory r = recipes[item];
        require(r.known && count > 0, "nothing to scrap");
        _burn(msg.sender, item, count);
        supplyOf[item] -= count;
        energyOf[msg.sender] += count * r.scrapEnergy;
        emit Scrapped(msg.sender, item, count);
    }

    function supportsInterface(bytes4 id) public view override(ERC1155, AccessControl) returns (bool) {
        return super.supportsInterface(id);
    }
}
