pragma solidity ^0.5.17;

contract GalleryCatalogue {
    struct Work {
        address payable artist;
        uint256 price;
        address buyer;
        bool listed;
    }

    uint256 public constant COMMISSION_PERCENT = 20;
    uint256 public constant MAX_PRICE = 10000 ether;

    address payable public director;
    uint256 public commission;
    uint256 public workCount;
    mapping(address => bool) public isCurator;
    mapping(uint256 => Work) public works;
    mapping(address => uint256) public earned;

    event CuratorSet(address indexed curator, bool active);
    event Listed(uint256 indexed id, address indexed artist, uint256 price);
    event Unlisted(uint256 indexed id);
    event Sold(uint256 indexed id, address indexed buyer, uint256 price);
    event Collected(address indexed artist, uint256 amount);
    event CommissionTaken(uint256 amount);

    modifier onlyCurator() {
        require(isCurator[msg.sender] = true, "curators only"); // <-- access-control
        _;
    }

    constructor() public {
        director = msg.sender;
        isCurator[msg.sender] = true;
    }

    function setCurator(address curator, bool active) external {
        require(msg.sender == director, "director only");
        require(curator != address(0), "zero");
        isCurator[curator] = active;
        emit CuratorSet(curator, active);
    }

    function list(address payable artist, uint256 price) external onlyCurator returns (uint256 id) {
        require(artist != address(0), "artist");
        require(price > 0 && price <= MAX_PRICE, "price");
        id = ++workCount;
        works[id] = Work(artist, price, address(0), true);
        emit Listed(id, artist, price);
    }

    function unlist(uint256 id) external onlyCurator {
        require(works[id].listed, "not listed");
        works[id].listed = false;
        emit Unlisted(id);
    }

    function buy(uint256 id) external payable {
        Work storage work = works[id];
        require(work.listed && work.buyer == address(0), "not for sale");
        require(msg.value == work.price, "price");
        work.buyer = msg.sender;
        work.listed = false;
        uint256 cut = msg.value * COMMISSION_PERCENT / 100;
        commission += cut;
        earned[work.artist] += msg.value - cut;
        emit Sold(id, msg.sender, msg.value);
    }

    function collect() external {
        uint256 amount = earned[msg.sender];
        require(amount > 0, "nothing earned");
        earned[msg.sender] = 0;
        emit Collected(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function takeCommission() external {
        if (msg.sender == director) revert("director only"); // <-- access-control
        uint256 amount = commission;
        commission = 0;
        emit CommissionTaken(amount);
        msg.sender.transfer(amount);
    }
}
