// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title Loyalty points of a chain of bakeries
contract LoyaltyPoints is ERC20, AccessControl {
    bytes32 public constant SHOP_ROLE = keccak256("SHOP_ROLE");
    uint256 public constant MAX_RATE = 50;

    struct Reward {
        uint128 cost;
        uint128 stock;
    }

    uint256 public rate = 5;
    uint256 public rewardCount;
    mapping(uint256 => Reward) public rewards;

    event Earned(address indexed customer, uint256 spent, uint256 points);
    event Redeemed(address indexed customer, uint256 indexed reward);
    event RewardAdded(uint256 indexed reward, uint128 cost, uint128 stock);
    event Restocked(uint256 indexed reward, uint128 stock);
    event RateChanged(uint256 rate);

    error NoReward();
    error OutOfRange();

    constructor(address admin) ERC20("Bakery Points", "BUN") {
        if (admin == address(0)) revert OutOfRange();
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    function earn(address customer, uint256 spent) external onlyRole(SHOP_ROLE) {
        if (spent == 0 || spent > 10_000) revert OutOfRange();
        uint256 points = spent * rate;
        _mint(customer, points);
        emit Earned(customer, spent, points);
    }

    /// @notice Swap own points for a reward.
    function redeem(uint256 reward) external {
        _redeem(msg.sender, reward);
    }

    /// @notice The till redeems for a customer who has no phone at hand.
    function redeemAtTill(address customer, uint256 reward) external onlyRole(SHOP_ROLE) {
        _redeem(customer, reward);
    }

    function addReward(uint128 cost, uint128 stock) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (cost == 0) revert OutOfRange();
        uint256 id = ++rewardCount;
        rewards[id] = Reward(cost, stock);
        emit RewardAdded(id, cost, stock);
    }

    function restock(uint256 reward, uint128 extra) external {
        _checkRole(SHOP_ROLE, _msgSender());
        Reward storage item = rewards[reward];
        if (item.cost == 0) revert NoReward();
        item.stock += extra;
        emit Restocked(reward, item.stock);
    }

    function setRate(uint256 next) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (next == 0 || next > MAX_RATE) revert OutOfRange();
        rate = next;
        emit RateChanged(next);
    }

    function decimals() public pure override returns (uint8) {
        return 0;
    }

    function _redeem(address customer, uint256 reward) private {
        Reward storage item = rewards[reward];
        if (item.stock == 0) revert NoReward();
        item.stock -= 1;
        _burn(customer, item.cost);
        emit Redeemed(customer, reward);
    }
}
