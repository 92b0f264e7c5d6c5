// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @dev Ether payments that do not revert; the caller decides what a failure means.
abstract contract Disburser {
    event Disbursed(address indexed to, uint256 amount, bool done);

    function _disburse(address to, uint256 amount) internal returns (bool done) {
        if (amount == 0) return true;
        (done, ) = payable(to).call{value: amount}("");
        emit Disbursed(to, amount, done);
    }
}

/// @title RoyaltyDesk
/// @notice Shops pay royalties for a work; author and publisher share them by a cut.
contract RoyaltyDesk is Disburser {
    struct Work {
        address author;
        address publisher;
        uint16 authorBps;
        uint256 authorDue;
        uint256 publisherDue;
    }

    uint256 private constant BPS = 10_000;

    mapping(bytes32 => Work) public works;
    bool private paying;

    event WorkRegistered(bytes32 indexed work, address indexed author, address indexed publisher, uint16 authorBps);
    event RoyaltyReceived(bytes32 indexed work, address indexed shop, uint256 amount);
    event AuthorChanged(bytes32 indexed work, address indexed author);

    error Busy();

    modifier exclusive() {
        if (paying) revert Busy();
        paying = true;
        _;
        paying = false;
    }

    /// @notice The author registers the work, keyed by author and title.
    function register(string calldata title, address publisher, uint16 authorBps) external returns (bytes32 work) {
        require(publisher != address(0) && publisher != msg.sender, "bad publisher");
        require(authorBps > 0 && authorBps < BPS, "bad cut");
        work = keccak256(abi.encode(msg.sender, title));
        require(works[work].author == address(0), "already registered");
        works[work] = Work(msg.sender, publisher, authorBps, 0, 0);
        emit WorkRegistered(work, msg.sender, publisher, authorBps);
    }

    function payRoyalty(bytes32 work) external payable exclusive {
        Work storage w = works[work];
        require(w.author != address(0), "unknown work");
        require(msg.value > 0, "no royalty");
        uint256 authorPart = (msg.value * w.authorBps) / BPS;
        w.authorDue += authorPart;
        w.publisherDue += msg.value - authorPart;
        emit RoyaltyReceived(work, msg.sender, msg.value);
    }

    function drawAuthor(bytes32 work) external exclusive {
        Work storage w = works[work];
        require(msg.sender == w.author, "author only");
        uint256 amount = w.authorDue;
        w.authorDue = 0;
        _disburse(w.author, amount); // <-- unchecked-result
    }

    function drawPublisher(bytes32 work) external exclusive {
        Work storage w = works[work];
        require(msg.sender == w.publisher, "publisher only");
        uint256 amount = w.publisherDue;
        w.publisherDue = 0;
        bool done = _disburse(w.publisher, amount);
        if (!done) {
            w.publisherDue += amount;
        }
    }

    function changeAuthor(bytes32 work, address author) external {
        Work storage w = works[work];
        require(msg.sender == w.author && author != address(0), "author only");
        w.author = author;
        emit AuthorChanged(work, author);
    }
}
