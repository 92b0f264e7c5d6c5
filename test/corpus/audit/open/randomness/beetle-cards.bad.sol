// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IRandomSource {
    function ask(uint256 fee) external returns (uint256 ticket);
}

abstract contract CardLedger {
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;

    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    function transfer(address to, uint256 id) external {
        require(ownerOf[id] == msg.sender && to != address(0), "transfer");
        ownerOf[id] = to;
        balanceOf[msg.sender] -= 1;
        balanceOf[to] += 1;
        emit Transfer(msg.sender, to, id);
    }

    function _create(address to, uint256 id) internal {
        ownerOf[id] = to;
        balanceOf[to] += 1;
        emit Transfer(address(0), to, id);
    }
}

/// @title Cards with beetles; a golden one is bought back by the publisher for two ether
contract BeetleCards is CardLedger {
    uint256 public constant PRICE = 0.01 ether;
    uint256 public constant REWARD = 2 ether;
    uint256 public constant SUPPLY = 10_000;

    enum Kind {
        Unknown,
        Common,
        Silver,
        Golden
    }

    IRandomSource public immutable source;
    address public immutable publisher;
    uint256 public nextId = 1;
    uint256 public reserved;
    mapping(uint256 => Kind) public kindOf;
    mapping(uint256 => uint256) public cardOfTicket;

    event Opened(uint256 indexed id, Kind kind);
    event Redeemed(uint256 indexed id, address indexed holder);

    constructor(IRandomSource source_) payable {
        require(address(source_) != address(0), "source");
        source = source_;
        publisher = msg.sender;
    }

    function openPack() external payable returns (uint256 id) {
        require(msg.value == PRICE, "price");
        require(nextId <= SUPPLY, "sold out");
        id = nextId++;
        _create(msg.sender, id);
        uint256 dice = uint256(keccak256(abi.encodePacked(block.prevrandao, msg.sender, id))); // <-- randomness
        _assign(id, dice);
    }

    function redeem(uint256 id) external {
        require(ownerOf[id] == msg.sender, "holder");
        require(kindOf[id] == Kind.Golden, "not golden");
        kindOf[id] = Kind.Common;
        reserved -= REWARD;
        emit Redeemed(id, msg.sender);
        (bool ok, ) = msg.sender.call{value: REWARD}("");
        require(ok, "payment");
    }

    function fund() external payable {}

    function takeProceeds(uint256 amount) external {
        require(msg.sender == publisher, "publisher");
        require(address(this).balance >= reserved + amount, "reserved");
        (bool ok, ) = publisher.call{value: amount}("");
        require(ok, "payment");
    }

    function _assign(uint256 id, uint256 dice) private {
        uint256 roll = dice % 1000;
        Kind kind = Kind.Common;
        if (roll < 3) {
            kind = Kind.Golden;
            reserved += REWARD;
        } else if (roll < 100) {
            kind = Kind.Silver;
        }
        kindOf[id] = kind;
        emit Opened(id, kind);
    }
}
