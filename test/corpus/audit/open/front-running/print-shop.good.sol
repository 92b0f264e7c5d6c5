// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title Shop for numbered prints, paid in a stable token
contract PrintShop is ERC1155, Ownable, ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Print {
        uint256 price;
        uint64 edition;
        uint64 sold;
        bool onSale;
    }

    uint256 public constant PER_ORDER = 10;
    IERC20 public immutable currency;
    uint256 public printCount;
    mapping(uint256 => Print) public prints;

    event PrintAdded(uint256 indexed id, uint256 price, uint64 edition);
    event PriceChanged(uint256 indexed id, uint256 price);
    event SaleSwitched(uint256 indexed id, bool onSale);
    event Ordered(uint256 indexed id, address indexed buyer, uint256 count, uint256 paid);

    error NotOnSale();
    error EditionSoldOut();
    error TooManyAtOnce();
    error Dearer(uint256 total);

    constructor(IERC20 currency_, string memory uri_) ERC1155(uri_) Ownable(msg.sender) {
        require(address(currency_) != address(0), "no currency");
        currency = currency_;
    }

    function add(uint256 price, uint64 edition) external onlyOwner returns (uint256 id) {
        require(price > 0 && edition > 0, "bad print");
        id = ++printCount;
        prints[id] = Print(price, edition, 0, true);
        emit PrintAdded(id, price, edition);
    }

    function changePrice(uint256 id, uint256 price) external onlyOwner {
        require(prints[id].price > 0 && price > 0, "bad price");
        prints[id].price = price;
        emit PriceChanged(id, price);
    }

    function switchSale(uint256 id, bool onSale) external onlyOwner {
        prints[id].onSale = onSale;
        emit SaleSwitched(id, onSale);
    }

    /// @notice Orders prints; the buyer has approved the currency beforehand.
    function order(uint256 id, uint64 count, uint256 maxTotal) external nonReentrant {
        Print storage p = prints[id];
        if (!p.onSale) revert NotOnSale();
        if (count == 0 || count > PER_ORDER) revert TooManyAtOnce();
        if (p.sold + count > p.edition) revert EditionSoldOut();
        p.sold += count;
        uint256 total = p.price * count;
        if (total > maxTotal) revert Dearer(total);
        emit Ordered(id, msg.sender, count, total);
        currency.safeTransferFrom(msg.sender, owner(), total);
        _mint(msg.sender, id, count, "");
    }

    function left(uint256 id) external view returns (uint256) {
        Print storage p = prints[id];
        return p.edition - p.sold;
    }
}
