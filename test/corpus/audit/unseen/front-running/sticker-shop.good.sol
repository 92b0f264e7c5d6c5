pragma solidity ^0.5.17;

interface IERC20 {
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    function transfer(address to, uint256 value) external returns (bool);
}

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a, "SafeMath: add");
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "SafeMath: sub");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        if (a == 0) {
            return 0;
        }
        uint256 c = a * b;
        require(c / a == b, "SafeMath: mul");
        return c;
    }
}

contract Ownable {
    address public owner;
    address public pendingOwner;

    event OwnershipOffered(address indexed to);
    event OwnershipTaken(address indexed from, address indexed to);

    constructor() internal {
        owner = msg.sender;
    }

    modifier onlyOwner() {
        require(msg.sender == owner, "owner only");
        _;
    }

    function offerOwnership(address to) external onlyOwner {
        require(to != address(0), "zero address");
        pendingOwner = to;
        emit OwnershipOffered(to);
    }

    function takeOwnership() external {
        require(msg.sender == pendingOwner, "not offered");
        emit OwnershipTaken(owner, pendingOwner);
        owner = pendingOwner;
        pendingOwner = address(0);
    }
}

/// Digital stickers sold against a standard ERC-20 coin. Sheets of a series are
/// counted per holder.
contract StickerShop is Ownable {
    using SafeMath for uint256;

    struct Series {
        uint256 price;
        uint256 stock;
        bool listed;
    }

    IERC20 public coin;
    uint256 public takings;
    mapping(bytes32 => Series) public series;
    mapping(bytes32 => mapping(address => uint256)) public sheets;

    event Listed(bytes32 indexed name, uint256 price, uint256 stock);
    event Repriced(bytes32 indexed name, uint256 price);
    event Sold(bytes32 indexed name, address indexed buyer, uint256 count, uint256 total);
    event Traded(bytes32 indexed name, address indexed from, address indexed to, uint256 count);
    event TakingsDrawn(address indexed to, uint256 amount);

    constructor(IERC20 _coin) public {
        require(address(_coin) != address(0), "coin");
        coin = _coin;
    }

    function list(bytes32 name, uint256 price, uint256 stock) external onlyOwner {
        require(!series[name].listed, "known");
        require(price > 0 && stock > 0, "price or stock");
        series[name] = Series(price, stock, true);
        emit Listed(name, price, stock);
    }

    function reprice(bytes32 name, uint256 price) external onlyOwner {
        require(series[name].listed, "unknown");
        require(price > 0, "price");
        series[name].price = price;
        emit Repriced(name, price);
    }

    function buy(bytes32 name, uint256 count, uint256 atMost) external {
        Series storage s = series[name];
        require(s.listed, "unknown");
        require(count > 0 && count <= s.stock, "count");
        uint256 total = s.price.mul(count);
        require(total <= atMost, "dearer than agreed");
        s.stock = s.stock.sub(count);
        sheets[name][msg.sender] = sheets[name][msg.sender].add(count);
        takings = takings.add(total);
        require(coin.transferFrom(msg.sender, address(this), total), "payment");
        emit Sold(name, msg.sender, count, total);
    }

    function trade(bytes32 name, address to, uint256 count) external {
        require(to != address(0), "zero address");
        sheets[name][msg.sender] = sheets[name][msg.sender].sub(count);
        sheets[name][to] = sheets[name][to].add(count);
        emit Traded(name, msg.sender, to, count);
    }

    function drawTakings() external onlyOwner {
        uint256 amount = takings;
        require(amount > 0, "none");
        takings = 0;
        require(coin.transfer(owner, amount), "payout");
        emit TakingsDrawn(owner, amount);
    }
}
