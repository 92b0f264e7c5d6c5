// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/**
 * @title MagazineSubscription
 * @dev Readers pay some issues in advance. Whoever cancels gets the unread issues back.
 */
contract MagazineSubscription {
    struct Reader {
        uint256 issuesPaid;
        uint256 firstIssue;
        bool active;
    }

    address payable public publisher;
    uint256 public issuePrice;
    uint256 public currentIssue;
    uint256 public lastPublished;
    uint256 public activeReaders;
    uint256 public earned;

    mapping(address => Reader) public readers;

    event Subscribed(address indexed reader, uint256 issues);
    event Cancelled(address indexed reader, uint256 refund);
    event IssuePublished(uint256 indexed number);
    event EarningsPaid(uint256 amount);

    modifier onlyPublisher() {
        require(msg.sender == publisher, "publisher only");
        _;
    }

    constructor(uint256 price) public {
        require(price > 0 && price <= 1 ether, "price");
        publisher = msg.sender;
        issuePrice = price;
    }

    function publish() external onlyPublisher {
        require(now >= lastPublished + 7 days, "weekly at most");
        lastPublished = now;
        currentIssue += 1;
        emit IssuePublished(currentIssue);
    }

    function subscribe(uint256 issues) external payable {
        require(!readers[msg.sender].active, "already subscribed");
        require(issues > 0 && issues <= 60, "1 to 60 issues");
        require(msg.value == issues * issuePrice, "wrong amount");
        readers[msg.sender] = Reader(issues, currentIssue, true);
        activeReaders += 1;
        emit Subscribed(msg.sender, issues);
    }

    function cancel() external {
        require(readers[msg.sender].active, "not subscribed");
        uint256 unread = unreadIssues(msg.sender);
        uint256 refund = unread * issuePrice;
        _close(msg.sender, unread);
        emit Cancelled(msg.sender, refund);
        _refund(msg.sender, refund);
    }

    /// The publisher gets only what has been read; anybody may settle an ended subscription.
    function settleEnded(address reader) external {
        require(readers[reader].active, "not subscribed");
        require(unreadIssues(reader) == 0, "still running");
        _close(reader, 0);
    }

    function collect() external onlyPublisher {
        uint256 amount = earned;
        earned = 0;
        emit EarningsPaid(amount);
        publisher.transfer(amount);
    }

    function unreadIssues(address reader) public view returns (uint256) {
        Reader storage r = readers[reader];
        uint256 last = r.firstIssue + r.issuesPaid;
        return last > currentIssue ? last - currentIssue : 0;
    }

    function _refund(address payable to, uint256 amount) private {
        if (amount == 0) {
            return;
        }
        (bool done, ) = to.call.value(amount)("");
        require(done, "refund failed");
    }

    function _close(address reader, uint256 unread) private {
        Reader storage r = readers[reader];
        earned += (r.issuesPaid - unread) * issuePrice;
        r.active = false;
        r.issuesPaid = 0;
        activeReaders -= 1;
    }
}
