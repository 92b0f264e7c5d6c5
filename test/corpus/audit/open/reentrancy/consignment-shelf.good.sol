// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";

/// @title ConsignmentShelf
/// @notice Collectors put batches of one collection on the shelf and sell them piece by piece.
contract ConsignmentShelf is ERC1155Holder {
    struct Batch {
        address consignor;
        uint96 unitPrice;
        uint256 id;
        uint256 left;
    }

    IERC1155 public immutable collection;
    uint256 public batchCount;
    mapping(uint256 => Batch) public batches;
    mapping(address => uint256) public proceeds;
    uint256 private guard = 1;

    event Shelved(uint256 indexed batch, address indexed consignor, uint256 id, uint256 units, uint256 unitPrice);
    event Sold(uint256 indexed batch, address indexed buyer, uint256 units);
    event TakenBack(uint256 indexed batch, uint256 units);
    event ProceedsPaid(address indexed consignor, uint256 amount);

    modifier guarded() {
        require(guard == 1, "reentered");
        guard = 2;
        _;
        guard = 1;
    }

    constructor(IERC1155 collection_) {
        require(address(collection_).code.length > 0, "no collection");
        collection = collection_;
    }

    function shelve(uint256 id, uint256 units, uint96 unitPrice) external guarded returns (uint256 batch) {
        require(units > 0 && unitPrice > 0, "empty batch");
        batch = ++batchCount;
        batches[batch] = Batch(msg.sender, unitPrice, id, units);
        emit Shelved(batch, msg.sender, id, units, unitPrice);
        collection.safeTransferFrom(msg.sender, address(this), id, units, "");
    }

    function buy(uint256 batch, uint256 units) external payable guarded {
        Batch storage b = batches[batch];
        require(units > 0 && units <= b.left, "not that many left");
        require(msg.value == units * b.unitPrice, "wrong payment");
        b.left -= units;
        proceeds[b.consignor] += msg.value;
        emit Sold(batch, msg.sender, units);
        collection.safeTransferFrom(address(this), msg.sender, b.id, units, "");
    }

    /// @notice The consignor takes back unsold units.
    function takeBack(uint256 batch, uint256 units) external guarded {
        Batch memory b = batches[batch];
        require(msg.sender == b.consignor, "consignor only");
        require(units > 0 && units <= b.left, "not that many left");
        b.left = b.left - units;
        batches[batch] = b;
        emit TakenBack(batch, units);
        collection.safeTransferFrom(address(this), b.consignor, b.id, units, "");
    }

    function withdrawProceeds() external guarded {
        uint256 amount = proceeds[msg.sender];
        require(amount > 0, "no proceeds");
        proceeds[msg.sender] = 0;
        emit ProceedsPaid(msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        require(ok, "payment failed");
    }
}
