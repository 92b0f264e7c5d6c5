// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IWETH {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IERC721 {
    function ownerOf(uint256 tokenId) external view returns (address);
    function transferFrom(address from, address to, uint256 tokenId) external;
}

interface ISaleHook {
    function onSale(uint256 listingId, address buyer, uint256 price) external;
}

/// @notice Fixed price market paid in WETH. Sellers keep their tokens until sale and may attach
/// a hook that is told about it (unlocking of physical goods, mailing lists, raffles).
contract CollectibleMarket {
    struct Listing {
        address seller;
        IERC721 collection;
        uint256 tokenId;
        uint256 price;
        address hook;
    }

    uint256 private constant HOOK_GAS = 150_000;
    uint256 public constant MAX_FEE_BPS = 500;

    IWETH public immutable weth;
    address public immutable feeSink;
    uint256 public immutable feeBps;
    uint256 public nextId = 1;
    bool private _entered;
    mapping(uint256 => Listing) private _listings;

    event Listed(uint256 indexed id, address indexed seller, address collection, uint256 tokenId, uint256 price);
    event Delisted(uint256 indexed id);
    event Sold(uint256 indexed id, address indexed buyer, uint256 price);
    event HookResult(uint256 indexed id, bool ok);

    modifier lock() {
        require(!_entered, "Market: locked");
        _entered = true;
        _;
        _entered = false;
    }

    constructor(IWETH weth_, address feeSink_, uint256 feeBps_) {
        require(address(weth_) != address(0) && feeSink_ != address(0), "Market: zero address");
        require(feeBps_ <= MAX_FEE_BPS, "Market: fee");
        weth = weth_;
        feeSink = feeSink_;
        feeBps = feeBps_;
    }

    function listing(uint256 id) external view returns (Listing memory) {
        return _listings[id];
    }

    function list(IERC721 collection, uint256 tokenId, uint256 price, address hook) external returns (uint256 id) {
        require(price > 0, "Market: no price");
        require(collection.ownerOf(tokenId) == msg.sender, "Market: not holder");
        require(hook == address(0) || hook.code.length > 0, "Market: hook");
        id = nextId++;
        _listings[id] = Listing(msg.sender, collection, tokenId, price, hook);
        emit Listed(id, msg.sender, address(collection), tokenId, price);
    }

    function delist(uint256 id) external {
        require(_listings[id].seller == msg.sender, "Market: not seller");
        delete _listings[id];
        emit Delisted(id);
    }

    function buy(uint256 id, IERC721 collection, uint256 tokenId, uint256 maxPrice) external lock {
        Listing memory l = _listings[id];
        require(l.seller != address(0), "Market: unknown");
        require(l.collection == collection && l.tokenId == tokenId && l.price <= maxPrice, "Market: changed");
        delete _listings[id];
        emit Sold(id, msg.sender, l.price);

        uint256 fee = (l.price * feeBps) / 10_000;
        require(weth.transferFrom(msg.sender, l.seller, l.price - fee), "Market: pay seller");
        if (fee > 0) require(weth.transferFrom(msg.sender, feeSink, fee), "Market: pay fee");
        l.collection.transferFrom(l.seller, msg.sender, l.tokenId);

        if (l.hook != address(0)) {
            try ISaleHook(l.hook).onSale{gas: HOOK_GAS}(id, msg.sender, l.price) {
                emit HookResult(id, true);
            } catch {
                emit HookResult(id, false);
            }
        }
    }
}
