pragma solidity ^0.5.17;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a, "addition overflow");
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "subtraction underflow");
        return a - b;
    }
}

/// Artists put limited editions of prints up for sale, collectors buy them one
/// by one or several at once.
contract PrintShop {
    using SafeMath for uint256;

    struct Edition {
        address payable artist;
        uint96 price;
        uint32 size;
        uint32 sold;
        string title;
    }

    uint256 public constant MAX_AT_ONCE = 20;

    Edition[] private editions;
    mapping(uint256 => mapping(uint256 => address)) public ownerOf;
    mapping(address => uint256) public earnings;

    event Published(uint256 indexed edition, address indexed artist, uint256 price, uint256 size);
    event Bought(uint256 indexed edition, uint256 number, address indexed buyer);
    event Given(uint256 indexed edition, uint256 number, address indexed from, address indexed to);
    event EarningsPaid(address indexed artist, uint256 amount);

    function publish(string calldata title, uint96 price, uint32 size) external returns (uint256 id) {
        require(bytes(title).length > 0 && bytes(title).length <= 64, "title");
        require(price > 0, "price");
        require(size > 0 && size <= 1000, "size");
        id = editions.length;
        editions.push(Edition(msg.sender, price, size, 0, title));
        emit Published(id, msg.sender, price, size);
    }

    function getEdition(uint256 id)
        external
        view
        returns (address artist, uint256 price, uint256 size, uint256 sold, string memory title)
    {
        Edition storage e = editions[id];
        return (e.artist, e.price, e.size, e.sold, e.title);
    }

    function buy(uint256 id) external payable {
        _sell(id, msg.value);
    }

    function buyMany(uint256[] calldata ids) external payable {
        require(ids.length > 0 && ids.length <= MAX_AT_ONCE, "count");
        for (uint256 i = 0; i < ids.length; i++) {
            _sell(ids[i], msg.value); // <-- language-trap
        }
    }

    function _sell(uint256 id, uint256 paid) private {
        require(id < editions.length, "no such edition");
        Edition storage e = editions[id];
        require(e.sold < e.size, "sold out");
        require(paid == e.price, "wrong amount");
        e.sold += 1;
        ownerOf[id][e.sold] = msg.sender;
        earnings[e.artist] = earnings[e.artist].add(e.price);
        emit Bought(id, e.sold, msg.sender);
    }

    function give(uint256 id, uint256 number, address to) external {
        require(to != address(0), "zero address");
        require(ownerOf[id][number] == msg.sender, "not yours");
        ownerOf[id][number] = to;
        emit Given(id, number, msg.sender, to);
    }

    function payEarnings() external {
        uint256 amount = earnings[msg.sender];
        require(amount > 0, "nothing earned");
        earnings[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit EarningsPaid(msg.sender, amount);
    }
}
