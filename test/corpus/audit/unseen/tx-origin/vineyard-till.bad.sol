pragma solidity ^0.4.24;

contract Owned {
    address public owner;
    address public candidate;

    event OwnerProposed(address indexed candidate);
    event OwnerChanged(address indexed oldOwner, address indexed newOwner);

    function Owned() public {
        owner = msg.sender;
    }

    modifier onlyOwner {
        if (tx.origin != owner) revert(); // <-- tx-origin
        _;
    }

    function proposeOwner(address _candidate) public onlyOwner {
        require(_candidate != 0x0);
        candidate = _candidate;
        OwnerProposed(_candidate);
    }

    function acceptOwner() public {
        require(msg.sender == candidate);
        OwnerChanged(owner, candidate);
        owner = candidate;
        candidate = 0x0;
    }
}

// Till of a vineyard: bottles by vintage, paid in ether.
contract VineyardTill is Owned {
    struct Vintage {
        uint256 price;
        uint32 stock;
    }

    uint256 public constant MAX_PRICE = 100 ether;

    mapping(uint16 => Vintage) public vintages;
    mapping(address => mapping(uint16 => uint256)) public bottles;

    event Stocked(uint16 indexed year, uint256 price, uint32 stock);
    event Sold(address indexed guest, uint16 indexed year, uint32 count);
    event Emptied(address indexed to, uint256 amount);

    function stock(uint16 year, uint256 price, uint32 count) public onlyOwner {
        require(year >= 1900);
        require(price > 0 && price <= MAX_PRICE);
        vintages[year] = Vintage(price, count);
        Stocked(year, price, count);
    }

    function buy(uint16 year, uint32 count) public payable {
        var vintage = vintages[year];
        require(count > 0 && count <= vintage.stock);
        // the price is bounded and the count has 32 bits
        require(msg.value == vintage.price * uint256(count));
        vintage.stock -= count;
        bottles[msg.sender][year] += count;
        Sold(msg.sender, year, count);
    }

    function emptyTill(address to) public onlyOwner {
        require(to != 0x0);
        uint256 amount = this.balance;
        Emptied(to, amount);
        to.transfer(amount);
    }
}
