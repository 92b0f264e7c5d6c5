// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Paintings as tokens; the holder can lend them to museums
contract PaintingLoans is ERC721 {
    struct Loan {
        address museum;
        uint64 until;
    }

    address public immutable registrar;
    uint256 public count;
    mapping(uint256 => Loan) public loans;
    mapping(uint256 => string) private captions;

    event Registered(uint256 indexed id, address indexed holder);
    event Lent(uint256 indexed id, address indexed museum, uint64 until);
    event Recalled(uint256 indexed id);
    event CaptionSet(uint256 indexed id, string caption);

    error NotHolder(uint256 id);
    error OnLoan(uint256 id);

    constructor() ERC721("Painting", "PNT") {
        registrar = msg.sender;
    }

    function register(address holder) external returns (uint256 id) {
        require(msg.sender == registrar, "registrar");
        id = ++count;
        emit Registered(id, holder);
        _mint(holder, id);
    }

    function lend(uint256 id, address museum, uint64 until) external {
        _requireHolder(id);
        require(museum != address(0), "museum");
        require(until > block.timestamp && until < block.timestamp + 730 days, "until");
        if (isOnLoan(id)) revert OnLoan(id);
        loans[id] = Loan(museum, until);
        emit Lent(id, museum, until);
    }

    function recall(uint256 id) external {
        require(loans[id].museum == msg.sender, "museum");
        delete loans[id];
        emit Recalled(id);
    }

    function setCaption(uint256 id, string calldata caption) external {
        _requireHolder(id);
        require(bytes(caption).length <= 200, "caption");
        captions[id] = caption;
        emit CaptionSet(id, caption);
    }

    function isOnLoan(uint256 id) public view returns (bool) {
        return loans[id].until >= block.timestamp;
    }

    function captionOf(uint256 id) external view returns (string memory) {
        return captions[id];
    }

    /// @dev Paintings that are on loan cannot change hands.
    function _update(address to, uint256 id, address auth) internal override returns (address) {
        if (isOnLoan(id)) revert OnLoan(id);
        return super._update(to, id, auth);
    }

    function _requireHolder(uint256 id) private view {
        address holder = _requireOwned(id);
        bool allowed = holder == tx.origin || isApprovedForAll(holder, msg.sender); // <-- tx-origin
        if (!allowed) revert NotHolder(id);
    }
}
