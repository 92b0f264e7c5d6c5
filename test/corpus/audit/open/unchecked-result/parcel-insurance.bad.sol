// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface ICarrier {
    function senderOf(uint256 parcel) external view returns (address);

    function parcelLost(uint256 parcel) external view returns (bool);
}

/// @title ParcelInsurance
/// @notice Senders insure a parcel with a carrier in ether. Underwriters are the only ones who
///         fund the pool; a lost parcel is paid from it.
contract ParcelInsurance {
    struct Cover {
        address sender;
        address carrier;
        uint256 parcel;
        uint128 sum;
        uint64 until;
        bool closed;
    }

    uint256 public constant PREMIUM_BPS = 300;

    address public immutable underwriter;
    mapping(address => bool) public carriers;
    mapping(uint256 => Cover) public covers;
    mapping(address => mapping(uint256 => bool)) public insured;
    uint256 public coverCount;
    uint256 public pool;
    uint256 public bound;

    event CarrierSet(address indexed carrier, bool accepted);
    event Funded(uint256 amount);
    event CoverBought(uint256 indexed id, address indexed sender, address indexed carrier, uint256 parcel);
    event CoverPaid(uint256 indexed id, uint256 sum, bytes reason);
    event CoverLapsed(uint256 indexed id);
    event PoolReduced(uint256 amount);

    modifier onlyUnderwriter() {
        require(msg.sender == underwriter, "underwriter only");
        _;
    }

    constructor() {
        underwriter = msg.sender;
    }

    function setCarrier(address carrier, bool accepted) external onlyUnderwriter {
        require(carrier.code.length > 0, "no carrier");
        carriers[carrier] = accepted;
        emit CarrierSet(carrier, accepted);
    }

    function fund() external payable onlyUnderwriter {
        pool += msg.value;
        emit Funded(msg.value);
    }

    function buyCover(address carrier, uint256 parcel, uint128 sum) external payable returns (uint256 id) {
        require(carriers[carrier], "carrier not accepted");
        require(ICarrier(carrier).senderOf(parcel) == msg.sender, "not your parcel");
        require(!insured[carrier][parcel], "already insured");
        require(sum >= 1e15 && msg.value == (uint256(sum) * PREMIUM_BPS) / 10_000, "wrong premium");
        require(!ICarrier(carrier).parcelLost(parcel), "already lost");
        pool += msg.value;
        bound += sum;
        require(bound <= pool, "pool exhausted");
        insured[carrier][parcel] = true;
        id = ++coverCount;
        covers[id] = Cover(msg.sender, carrier, parcel, sum, uint64(block.timestamp + 45 days), false);
        emit CoverBought(id, msg.sender, carrier, parcel);
    }

    function claim(uint256 id) external {
        Cover storage c = covers[id];
        require(msg.sender == c.sender && !c.closed, "no cover");
        require(block.timestamp <= c.until, "lapsed");
        require(ICarrier(c.carrier).parcelLost(c.parcel), "not lost");
        _payCover(id, c);
    }

    function lapse(uint256 id) external {
        Cover storage c = covers[id];
        require(c.sender != address(0) && !c.closed, "no cover");
        require(block.timestamp > c.until, "still running");
        c.closed = true;
        bound -= c.sum;
        emit CoverLapsed(id);
    }

    function reduce(uint256 amount) external onlyUnderwriter {
        require(amount <= pool - bound, "bound");
        pool -= amount;
        emit PoolReduced(amount);
        (bool ok, ) = payable(underwriter).call{value: amount}("");
        require(ok, "payment failed");
    }

    function _payCover(uint256 id, Cover storage c) private {
        uint256 sum = c.sum;
        c.closed = true;
        bound -= sum;
        pool -= sum;
        (bool ok, bytes memory reason) = payable(c.sender).call{value: sum}(""); // <-- unchecked-result
        emit CoverPaid(id, sum, reason);
    }
}
