// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Escrow between a buyer and a seller, cloned by a desk for each deal
contract EscrowDesk {
    enum Stage {
        None,
        Open,
        Funded,
        Done
    }

    address public immutable desk;

    address public buyer;
    address public seller;
    address public arbiter;
    uint256 public price;
    Stage public stage;

    event Opened(address indexed buyer, address indexed seller, address indexed arbiter, uint256 price);
    event Funded(uint256 amount);
    event Paid(address indexed to, uint256 amount);

    error WrongStage();
    error WrongCaller();
    error BadParty();
    error WrongAmount();
    error PayFailed();

    constructor(address desk_) {
        if (desk_ == address(0)) revert BadParty();
        desk = desk_;
        stage = Stage.Done;
    }

    /// @notice Set the parties of the deal, called by the desk in the transaction that clones.
    function initialize(address buyer_, address seller_, address arbiter_, uint256 price_) external {
        if (msg.sender != desk) revert WrongCaller();
        if (stage != Stage.None) revert WrongStage();
        if (buyer_ == address(0) || seller_ == address(0) || arbiter_ == address(0)) revert BadParty();
        if (buyer_ == seller_ || arbiter_ == buyer_ || arbiter_ == seller_) revert BadParty();
        if (price_ == 0) revert WrongAmount();
        buyer = buyer_;
        seller = seller_;
        arbiter = arbiter_;
        price = price_;
        stage = Stage.Open;
        emit Opened(buyer_, seller_, arbiter_, price_);
    }

    function fund() external payable {
        if (stage != Stage.Open) revert WrongStage();
        if (msg.sender != buyer) revert WrongCaller();
        if (msg.value != price) revert WrongAmount();
        stage = Stage.Funded;
        emit Funded(msg.value);
    }

    /// @notice The buyer is content.
    function release() external {
        if (msg.sender != buyer) revert WrongCaller();
        _finish(seller);
    }

    /// @notice The seller steps back.
    function refund() external {
        if (msg.sender != seller) revert WrongCaller();
        _finish(buyer);
    }

    function settle(bool forSeller) external {
        if (msg.sender != arbiter) revert WrongCaller();
        _finish(forSeller ? seller : buyer);
    }

    function _finish(address to) private {
        if (stage != Stage.Funded) revert WrongStage();
        stage = Stage.Done;
        uint256 amount = address(this).balance;
        emit Paid(to, amount);
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert PayFailed();
    }
}
