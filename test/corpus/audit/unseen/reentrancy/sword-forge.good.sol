// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a);
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        if (a == 0) {
            return 0;
        }
        uint256 c = a * b;
        require(c / a == b);
        return c;
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0);
        return a / b;
    }
}

interface ICollectibleReceiver {
    function onERC721Received(address operator, address from, uint256 id, bytes calldata data)
        external
        returns (bytes4);
}

contract Collectible {
    using SafeMath for uint256;

    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;

    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    function transfer(address to, uint256 id) external {
        require(ownerOf[id] == msg.sender, "not the holder");
        require(to != address(0), "receiver");
        balanceOf[msg.sender] = balanceOf[msg.sender].sub(1);
        balanceOf[to] = balanceOf[to].add(1);
        ownerOf[id] = to;
        emit Transfer(msg.sender, to, id);
    }

    function _safeMint(address to, uint256 id) internal {
        require(ownerOf[id] == address(0), "exists");
        ownerOf[id] = to;
        balanceOf[to] = balanceOf[to].add(1);
        emit Transfer(address(0), to, id);
        uint256 size;
        assembly {
            size := extcodesize(to)
        }
        if (size > 0) {
            bytes4 answer = ICollectibleReceiver(to).onERC721Received(msg.sender, address(0), id, "");
            require(answer == ICollectibleReceiver.onERC721Received.selector, "refused");
        }
    }
}

contract SwordForge is Collectible {
    uint256 public constant MAX_SWORDS = 3000;
    uint256 public constant PER_KNIGHT = 2;
    uint256 public constant PRICE = 0.05 ether;

    address payable public immutable smith;
    uint256 public forged;
    mapping(address => bool) public knighted;
    mapping(address => uint256) public forgedBy;

    event Knighted(address indexed knight, bool yes);
    event Withdrawn(uint256 amount);

    modifier onlySmith() {
        require(msg.sender == smith, "not the smith");
        _;
    }

    constructor() public {
        smith = msg.sender;
    }

    function setKnight(address knight, bool yes) external onlySmith {
        require(knight != address(0), "knight");
        knighted[knight] = yes;
        emit Knighted(knight, yes);
    }

    function forge(uint256 count) external payable {
        require(knighted[msg.sender], "not a knight");
        require(count > 0 && forgedBy[msg.sender].add(count) <= PER_KNIGHT, "too many");
        require(msg.value == PRICE.mul(count), "price");
        uint256 first = forged.add(1);
        forged = forged.add(count);
        require(forged <= MAX_SWORDS, "sold out");
        forgedBy[msg.sender] = forgedBy[msg.sender].add(count);
        for (uint256 i = 0; i < count; i++) {
            _safeMint(msg.sender, first.add(i));
        }
    }

    function withdraw() external onlySmith {
        uint256 amount = address(this).balance;
        emit Withdrawn(amount);
        smith.transfer(amount);
    }
}
