// SPDX-License-Identifier: MIT
pragma solidity ^0.8.13;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @dev Badge ids are sequential and start at one, badges are never burnt.
interface IBadge {
    function ownerOf(uint256 id) external view returns (address);
    function totalSupply() external view returns (uint256);
}

/// @title BadgeDividends
/// @notice A sponsor funds rounds; the holder of each badge may draw its equal part once a round.
contract BadgeDividends {
    struct Round {
        uint128 perBadge;
        uint64 lastBadge;
        uint64 expiresAt;
        uint256 remaining;
    }

    uint256 public constant CLAIM_WINDOW = 365 days;
    uint256 public constant MAX_BATCH = 100;

    IERC20 public immutable payToken;
    IBadge public immutable badge;
    address public immutable sponsor;

    Round[] public rounds;
    mapping(uint256 => mapping(uint256 => bool)) public drawn;

    event RoundFunded(uint256 indexed round, uint256 perBadge, uint256 lastBadge);
    event Drawn(uint256 indexed round, address indexed holder, uint256 badges, uint256 amount);
    event Recovered(uint256 indexed round, uint256 amount);

    error NotSponsor();
    error NotHolder(uint256 id);
    error AlreadyDrawn(uint256 id);
    error NotEligible(uint256 id);
    error BadBatch();
    error RoundOpen();
    error BadAmount();
    error PayFailed();

    constructor(IERC20 payToken_, IBadge badge_, address sponsor_) {
        if (address(payToken_) == address(0) || address(badge_) == address(0) || sponsor_ == address(0)) revert BadAmount();
        payToken = payToken_;
        badge = badge_;
        sponsor = sponsor_;
    }

    function fundRound(uint128 perBadge) external returns (uint256 round) {
        if (msg.sender != sponsor) revert NotSponsor();
        uint256 supply = badge.totalSupply();
        if (perBadge == 0 || supply == 0 || supply > type(uint64).max) revert BadAmount();
        uint256 total = uint256(perBadge) * supply;
        round = rounds.length;
        rounds.push(Round(perBadge, uint64(supply), uint64(block.timestamp + CLAIM_WINDOW), total));
        emit RoundFunded(round, perBadge, supply);
        if (!payToken.transferFrom(msg.sender, address(this), total)) revert PayFailed();
    }

    /// @notice Draw the dividends of several badges at once.
    function draw(uint256 round, uint256[] calldata ids) external returns (uint256 owed) {
        if (ids.length == 0 || ids.length > MAX_BATCH) revert BadBatch();
        Round storage r = rounds[round];

        for (uint256 i = 0; i < ids.length; i++) {
            uint256 id = ids[i];
            if (id == 0 || id > r.lastBadge) revert NotEligible(id);
            if (badge.ownerOf(id) != msg.sender) revert NotHolder(id);
            if (drawn[round][id]) revert AlreadyDrawn(id);
            owed += r.perBadge; // <-- input-validation
        }

        for (uint256 i = 0; i < ids.length; i++) {
            drawn[round][ids[i]] = true;
        }
        r.remaining -= owed;
        emit Drawn(round, msg.sender, ids.length, owed);
        if (!payToken.transfer(msg.sender, owed)) revert PayFailed();
    }

    /// @notice What nobody drew within the window returns to the sponsor.
    function recover(uint256 round) external {
        if (msg.sender != sponsor) revert NotSponsor();
        Round storage r = rounds[round];
        if (block.timestamp <= r.expiresAt) revert RoundOpen();
        uint256 amount = r.remaining;
        r.remaining = 0;
        r.lastBadge = 0;
        emit Recovered(round, amount);
        if (!payToken.transfer(sponsor, amount)) revert PayFailed();
    }
}
