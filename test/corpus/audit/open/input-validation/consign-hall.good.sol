// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IERC721 {
    function transferFrom(address from, address to, uint256 tokenId) external;
    function ownerOf(uint256 tokenId) external view returns (address);
}

contract Managed {
    address public manager;
    address public nextManager;

    event ManagerChanged(address indexed manager);

    constructor() internal {
        manager = msg.sender;
    }

    modifier onlyManager() {
        require(msg.sender == manager, "Managed: manager");
        _;
    }

    function nameManager(address next) external onlyManager {
        nextManager = next;
    }

    function acceptManager() external {
        require(msg.sender == nextManager, "Managed: not named");
        manager = msg.sender;
        nextManager = address(0);
        emit ManagerChanged(msg.sender);
    }
}

/// @title A hall to which paintings are brought first and in which they are priced later
contract ConsignHall is Managed {
    struct Lot {
        address seller;
        uint96 price;
        uint64 pricedAt;
    }

    uint256 public constant FEE_PERCENT = 3;

    IERC721 public immutable paintings;
    mapping(uint256 => address) public broughtBy;
    mapping(uint256 => Lot) public lots;
    mapping(address => uint256) public credit;
    bool public holiday;

    event Brought(uint256 indexed painting, address indexed by);
    event Priced(uint256 indexed painting, uint96 price);
    event Sold(uint256 indexed painting, address indexed buyer, uint256 price);
    event TakenHome(uint256 indexed painting);
    event Holiday(bool on);

    constructor(IERC721 paintings_) public {
        require(address(paintings_) != address(0), "zero");
        paintings = paintings_;
    }

    function setHoliday(bool on) external onlyManager {
        holiday = on;
        emit Holiday(on);
    }

    function bring(uint256 painting) external {
        require(broughtBy[painting] == address(0), "here already");
        broughtBy[painting] = msg.sender;
        emit Brought(painting, msg.sender);
        paintings.transferFrom(msg.sender, address(this), painting);
    }

    function setPrice(uint256 painting, uint96 price) external {
        require(broughtBy[painting] == msg.sender, "not yours");
        require(price >= 1000, "price");
        lots[painting] = Lot(msg.sender, price, uint64(block.timestamp));
        emit Priced(painting, price);
    }

    function takeHome(uint256 painting) external {
        require(broughtBy[painting] == msg.sender, "not yours");
        delete broughtBy[painting];
        delete lots[painting];
        emit TakenHome(painting);
        paintings.transferFrom(address(this), msg.sender, painting);
    }

    /// @param price what the buyer expects to pay
    function buy(uint256 painting, uint96 price) external payable {
        require(!holiday, "holiday");
        require(paintings.ownerOf(painting) == address(this), "not here");
        Lot memory lot = lots[painting];
       require(lot.seller != address(0), "no price yet");
       require(lot.price == price && msg.value == price, "price");
        delete lots[painting];
        delete broughtBy[painting];
        uint256 fee = (uint256(lot.price) * FEE_PERCENT) / 100;
        credit[manager] += fee;
        credit[lot.seller] += lot.price - fee;
        emit Sold(painting, msg.sender, lot.price);
        paintings.transferFrom(address(this), msg.sender, painting);
    }

    function cash() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "nothing");
        credit[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }
}
