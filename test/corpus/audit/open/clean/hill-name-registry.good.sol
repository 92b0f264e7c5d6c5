// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/**
 * @title Registry of names
 * @dev A name is reserved by a commitment first; so nobody can snatch a name
 * which he sees in a pending transaction.
 */
contract HillNameRegistry {
    struct Entry {
        address owner;
        address resolver;
        uint256 expires;
        address offeredTo;
        uint256 offeredFor;
    }

    uint256 public constant MIN_WAIT = 2 minutes;
    uint256 public constant MAX_WAIT = 1 days;
    uint256 public constant YEAR = 365 days;
    uint256 public constant GRACE = 60 days;
    uint256 public constant MAX_YEARS = 10;

    address public registrar;
    address public nextRegistrar;
    uint256 public yearlyFee;
    uint256 public feesHeld;

    mapping(bytes32 => Entry) private entries;
    mapping(bytes32 => uint256) public commitments;
    mapping(address => uint256) public refunds;

    event Committed(bytes32 indexed commitment);
    event Registered(bytes32 indexed node, string name, address indexed owner, uint256 expires);
    event Renewed(bytes32 indexed node, uint256 expires);
    event Offered(bytes32 indexed node, address indexed to, uint256 price);
    event Transferred(bytes32 indexed node, address indexed from, address indexed to);
    event ResolverSet(bytes32 indexed node, address resolver);
    event FeeChanged(uint256 fee);
    event FeesTaken(uint256 amount);
    event RegistrarChanged(address indexed registrar);

    modifier onlyRegistrar() {
        require(registrar == msg.sender, "only the registrar");
        _;
    }

    modifier onlyOwnerOf(bytes32 node) {
        require(ownerOf(node) == msg.sender, "not your name");
        _;
    }

    constructor(uint256 fee) public {
        require(fee > 0 && fee < 10 ether, "fee");
        registrar = msg.sender;
        yearlyFee = fee;
    }

    // -------------------------------------------------------------- registrar

    function changeFee(uint256 fee) external onlyRegistrar {
        require(fee > 0 && fee < 10 ether, "fee");
        yearlyFee = fee;
        emit FeeChanged(fee);
    }

    function takeFees(address payable to) external onlyRegistrar {
        require(to != address(0), "to");
        uint256 amount = feesHeld;
        feesHeld = 0;
        emit FeesTaken(amount);
        (bool ok, ) = to.call.value(amount)("");
        require(ok, "payment failed");
    }

    function offerRegistrar(address next) external onlyRegistrar {
        nextRegistrar = next;
    }

    function takeRegistrar() external {
        require(nextRegistrar == msg.sender, "not offered");
        registrar = msg.sender;
        nextRegistrar = address(0);
        emit RegistrarChanged(msg.sender);
    }

    // ------------------------------------------------------------------ names

    function commit(bytes32 commitment) external {
        require(commitments[commitment] + MAX_WAIT < now, "committed");
        commitments[commitment] = now;
        emit Committed(commitment);
    }

    function register(string calldata name, bytes32 secret, uint256 duration) external payable {
        require(duration > 0 && duration <= MAX_YEARS, "years");
        require(isWellFormed(name), "name");
        bytes32 commitment = commitmentFor(name, msg.sender, secret);
        uint256 at = commitments[commitment];
        require(at != 0 && now >= at + MIN_WAIT && now <= at + MAX_WAIT, "commitment");
        delete commitments[commitment];

        bytes32 node = keccak256(bytes(name));
        require(entries[node].expires + GRACE < now, "taken");
        _takePayment(duration * yearlyFee);
        entries[node] = Entry(msg.sender, address(0), now + duration * YEAR, address(0), 0);
        emit Registered(node, name, msg.sender, now + duration * YEAR);
    }

    /// Everybody may pay for the renewal of a name.
    function renew(bytes32 node, uint256 duration) external payable {
        Entry storage e = entries[node];
        require(e.owner != address(0) && now <= e.expires + GRACE, "not registered");
        require(duration > 0 && duration <= MAX_YEARS, "years");
        require(e.expires + duration * YEAR <= now + (MAX_YEARS + 1) * YEAR, "too far ahead");
        _takePayment(duration * yearlyFee);
        e.expires += duration * YEAR;
        emit Renewed(node, e.expires);
    }

    function setResolver(bytes32 node, address resolver) external onlyOwnerOf(node) {
        entries[node].resolver = resolver;
        emit ResolverSet(node, resolver);
    }

    /// A name is handed over to one buyer only and at one price.
    function offer(bytes32 node, address to, uint256 price) external onlyOwnerOf(node) {
        entries[node].offeredTo = to;
        entries[node].offeredFor = price;
        emit Offered(node, to, price);
    }

    function accept(bytes32 node) external payable {
        Entry storage e = entries[node];
        require(e.offeredTo == msg.sender, "not offered to you");
        address previous = ownerOf(node);
        require(previous != address(0), "expired");
        require(msg.value == e.offeredFor, "price");
        e.owner = msg.sender;
        e.resolver = address(0);
        e.offeredTo = address(0);
        e.offeredFor = 0;
        refunds[previous] += msg.value;
        emit Transferred(node, previous, msg.sender);
    }

    function withdraw() external {
        uint256 amount = refunds[msg.sender];
        refunds[msg.sender] = 0;
        (bool ok, ) = msg.sender.call.value(amount)("");
        require(ok, "payment failed");
    }

    // ------------------------------------------------------------------ views

    function commitmentFor(string memory name, address owner, bytes32 secret) public pure returns (bytes32) {
        // constant sizes behind the hash of the name leave no ambiguity
        return keccak256(abi.encodePacked(keccak256(bytes(name)), owner, secret));
    }

    function ownerOf(bytes32 node) public view returns (address) {
        Entry storage e = entries[node];
        return now <= e.expires ? e.owner : address(0);
    }

    function resolve(string calldata name) external view returns (address) {
        bytes32 node = keccak256(bytes(name));
        return ownerOf(node) == address(0) ? address(0) : entries[node].resolver;
    }

    function isWellFormed(string memory name) public pure returns (bool) {
        bytes memory b = bytes(name);
        if (b.length < 3 || b.length > 32) {
            return false;
        }
        for (uint256 i = 0; i < b.length; i++) {
            bool letter = b[i] >= 0x61 && b[i] <= 0x7a;
            bool digit = b[i] >= 0x30 && b[i] <= 0x39;
            bool hyphen = b[i] == 0x2d && i != 0 && i != b.length - 1;
            if (!letter && !digit && !hyphen) {
                return false;
            }
        }
        return true;
    }

    /// What was paid too much is booked for the sender, who fetches it.
    function _takePayment(uint256 price) private {
        require(msg.value >= price, "payment");
        feesHeld += price;
        refunds[msg.sender] += msg.value - price;
    }
}
