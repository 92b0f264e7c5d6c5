// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Lottery whose number comes of the secrets of several keepers, each of whom has a bond at stake
/// @notice Keepers seal their secrets before tickets are sold. When one of them stays silent, the round is void: tickets are
/// paid back, and the silent keepers' bonds go to those who spoke.
contract BeaconLottery {
    enum Phase {
        Sealing,
        Selling,
        Opening,
        Drawn,
        Void
    }

    uint256 public constant KEEPERS = 3;
    uint256 public constant MAX_TICKETS = 1000;
    uint256 public constant SELLING_TIME = 3 days;
    uint256 public constant OPENING_TIME = 1 days;

    uint256 public immutable price;
    uint256 public immutable bond;

    address[KEEPERS] public keeperList;
    mapping(address => bool) public isKeeper;
    mapping(address => bytes32) public seals;
    mapping(address => bool) public spoken;
    uint256 public sealCount;
    uint256 public spokenCount;
    uint256 public sellingEnds;
    bytes32 private mix;

    address[] private tickets;
    mapping(address => uint256) public ticketsOf;
    address public winner;
    bool public void;
    mapping(address => uint256) public credit;

    event Sealed(address indexed keeper, bytes32 seal);
    event SellingBegan(uint256 ends);
    event Bought(address indexed who, uint256 count);
    event Spoken(address indexed keeper);
    event WinnerDrawn(address indexed who, uint256 prize);
    event RoundVoid(uint256 silent);
    event Collected(address indexed who, uint256 amount);

    modifier during(Phase phase_) {
        require(phase() == phase_, "phase");
        _;
    }

    modifier onlyKeeper() {
        require(isKeeper[msg.sender], "keeper");
        _;
    }

    /// @param bond_ no less than all the tickets together, so that silence never pays
    constructor(address[] memory keepers, uint256 price_, uint256 bond_) {
        require(keepers.length == KEEPERS, "keepers");
        require(price_ >= 1000 && price_ <= 1 ether, "price");
        require(bond_ >= price_ * MAX_TICKETS && bond_ <= 10000 ether, "bond");
        for (uint256 i = 0; i < KEEPERS; i++) {
            require(keepers[i] != address(0) && !isKeeper[keepers[i]], "keeper");
            isKeeper[keepers[i]] = true;
            keeperList[i] = keepers[i];
        }
        price = price_;
        bond = bond_;
    }

    // ------------------------------------------------------------- phases

    function phase() public view returns (Phase) {
        if (void) return Phase.Void;
        if (winner != address(0)) return Phase.Drawn;
        if (sellingEnds == 0) return Phase.Sealing;
        return block.timestamp < sellingEnds ? Phase.Selling : Phase.Opening;
    }

    function putSeal(bytes32 seal) external payable onlyKeeper during(Phase.Sealing) {
        require(msg.value == bond, "bond");
        require(seal != bytes32(0) && seals[msg.sender] == bytes32(0), "sealed");
        seals[msg.sender] = seal;
        sealCount += 1;
        emit Sealed(msg.sender, seal);
        if (sealCount == KEEPERS) {
            sellingEnds = block.timestamp + SELLING_TIME;
            emit SellingBegan(sellingEnds);
        }
    }

    /// @notice A keeper need not wait for the others for ever.
    function takeSealBack() external onlyKeeper during(Phase.Sealing) {
        require(seals[msg.sender] != bytes32(0), "no seal");
        seals[msg.sender] = bytes32(0);
        sealCount -= 1;
        credit[msg.sender] += bond;
    }

    function buy(uint256 count) external payable during(Phase.Selling) {
        require(!isKeeper[msg.sender], "a keeper");
        require(count > 0 && count <= 20, "count");
        require(tickets.length + count <= MAX_TICKETS, "sold out");
        require(msg.value == count * price, "price");
        for (uint256 i = 0; i < count; i++) tickets.push(msg.sender);
        ticketsOf[msg.sender] += count;
        emit Bought(msg.sender, count);
    }

    function speak(bytes32 secret) external onlyKeeper during(Phase.Opening) {
        require(block.timestamp < sellingEnds + OPENING_TIME, "late");
        require(!spoken[msg.sender], "spoken");
        require(sealOf(msg.sender, secret) == seals[msg.sender], "secret");
        spoken[msg.sender] = true;
        spokenCount += 1;
        // the order in which keepers speak does not matter
        mix ^= keccak256(abi.encode(secret, msg.sender));
        credit[msg.sender] += bond;
        emit Spoken(msg.sender);
        if (spokenCount == KEEPERS) _draw();
    }

    function annul() external during(Phase.Opening) {
        require(block.timestamp >= sellingEnds + OPENING_TIME, "not late");
        uint256 silent = KEEPERS - spokenCount;
        void = true;
        emit RoundVoid(silent);
        // when nobody spoke, nobody has learnt anything, and each has the bond back
        for (uint256 i = 0; i < KEEPERS; i++) {
            address keeper = keeperList[i];
            if (spokenCount == 0) credit[keeper] += bond;
            else if (spoken[keeper]) credit[keeper] += (silent * bond) / spokenCount;
        }
    }

    // ----------------------------------------------------------- payments

    /// @notice In a void round, each ticket is paid back.
    function refund() external during(Phase.Void) {
        uint256 count = ticketsOf[msg.sender];
        require(count > 0, "no tickets");
        ticketsOf[msg.sender] = 0;
        credit[msg.sender] += count * price;
    }

    function collect() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "nothing");
        credit[msg.sender] = 0;
        emit Collected(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }

    // -------------------------------------------------------------- views

    function sealOf(address keeper, bytes32 secret) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), keeper, secret));
    }

    function ticketCount() external view returns (uint256) {
        return tickets.length;
    }

    function ticket(uint256 number) external view returns (address) {
        return tickets[number];
    }

    // ---------------------------------------------------------- internals

    /// @dev when nobody has bought, the round ends void with all bonds given back
    function _draw() private {
        if (tickets.length == 0) {
            void = true;
            emit RoundVoid(0);
            return;
        }
        uint256 prize = tickets.length * price;
        address drawn = tickets[uint256(mix) % tickets.length];
        winner = drawn;
        credit[drawn] += prize;
        emit WinnerDrawn(drawn, prize);
    }
}
