// SPDX-License-Identifier: MIT
pragma solidity ^0.8.18;

/// @dev Shared by all escrow flavours: knows how to pay out a job, leaves the book-keeping to
///      the contract on top.
abstract contract PayoutBase {
    event PaidOut(uint256 indexed jobId, address indexed to, uint256 amount);

    error PayoutFailed(address to);

    function _amountDue(uint256 jobId) internal view virtual returns (uint256);

    function _markSettled(uint256 jobId) internal virtual;

    function _settle(uint256 jobId, address payable to) internal {
        uint256 amount = _amountDue(jobId);
        require(amount > 0, "nothing due");
        (bool ok, ) = to.call{value: amount}(""); // <-- reentrancy
        if (!ok) revert PayoutFailed(to);
        _markSettled(jobId);
        emit PaidOut(jobId, to, amount);
    }
}

/// @title FreelanceEscrow
/// @notice A client funds a job, the freelancer delivers, the client approves (or a review
///         window goes by) and the freelancer collects.
contract FreelanceEscrow is PayoutBase {
    enum Stage {
        None,
        Funded,
        Delivered,
        Approved,
        Settled
    }

    struct Job {
        address payable client;
        address payable freelancer;
        uint256 budget;
        uint64 dueBy;
        uint64 deliveredAt;
        Stage stage;
        bytes32 deliverable;
    }

    uint64 public constant REVIEW = 5 days;

    mapping(uint256 => Job) private jobs;
    uint256 public jobCount;

    event JobFunded(uint256 indexed jobId, address indexed client, address indexed freelancer, uint256 budget);
    event Delivered(uint256 indexed jobId, bytes32 deliverable);
    event Approved(uint256 indexed jobId);

    modifier inStage(uint256 jobId, Stage stage) {
        require(jobs[jobId].stage == stage, "wrong stage");
        _;
    }

    function fund(address payable freelancer, uint64 dueBy) external payable returns (uint256 jobId) {
        require(freelancer != address(0) && freelancer != msg.sender, "bad freelancer");
        require(dueBy > block.timestamp, "due date is over");
        require(msg.value > 0, "no budget");
        jobId = ++jobCount;
        jobs[jobId] = Job(payable(msg.sender), freelancer, msg.value, dueBy, 0, Stage.Funded, bytes32(0));
        emit JobFunded(jobId, msg.sender, freelancer, msg.value);
    }

    function deliver(uint256 jobId, bytes32 deliverable) external inStage(jobId, Stage.Funded) {
        Job storage job = jobs[jobId];
        require(msg.sender == job.freelancer, "freelancer only");
        require(block.timestamp <= job.dueBy, "too late");
        job.stage = Stage.Delivered;
        job.deliveredAt = uint64(block.timestamp);
        job.deliverable = deliverable;
        emit Delivered(jobId, deliverable);
    }

    function approve(uint256 jobId) external inStage(jobId, Stage.Delivered) {
        require(msg.sender == jobs[jobId].client, "client only");
        jobs[jobId].stage = Stage.Approved;
        emit Approved(jobId);
    }

    function collect(uint256 jobId) external {
        Job storage job = jobs[jobId];
        require(msg.sender == job.freelancer, "freelancer only");
        bool silent = job.stage == Stage.Delivered && block.timestamp > uint256(job.deliveredAt) + REVIEW;
        require(job.stage == Stage.Approved || silent, "not approved");
        _settle(jobId, job.freelancer);
    }

    function reclaim(uint256 jobId) external inStage(jobId, Stage.Funded) {
        Job storage job = jobs[jobId];
        require(msg.sender == job.client, "client only");
        require(block.timestamp > job.dueBy, "still running");
        _settle(jobId, job.client);
    }

    function jobOf(uint256 jobId) external view returns (Job memory) {
        return jobs[jobId];
    }

    function _amountDue(uint256 jobId) internal view override returns (uint256) {
        return jobs[jobId].stage == Stage.Settled ? 0 : jobs[jobId].budget;
    }

    function _markSettled(uint256 jobId) internal override {
        jobs[jobId].stage = Stage.Settled;
    }
}
