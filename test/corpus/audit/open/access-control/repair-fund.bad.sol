// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Fund from which a house community pays repairs, with roles by name
contract RepairFund {
    bytes32 public constant CHAIR = keccak256("chair");
    bytes32 public constant CASHIER = keccak256("cashier");
    bytes32 public constant JANITOR = keccak256("janitor");

    struct Job {
        address payable worker;
        uint256 cost;
        bool approved;
        bool paid;
    }

    mapping(bytes32 => mapping(address => bool)) private _roles;
    mapping(uint256 => Job) public jobs;
    uint256 public jobCount;
    uint256 public reserved;

    event RoleGiven(bytes32 indexed role, address indexed who);
    event RoleTaken(bytes32 indexed role, address indexed who);
    event JobOffered(uint256 indexed id, address indexed worker, uint256 cost);
    event JobApproved(uint256 indexed id);
    event JobPaid(uint256 indexed id, uint256 cost);
    event Received(address indexed from, uint256 amount);

    modifier only(bytes32 role) {
        require(_roles[role][msg.sender], "role missing");
        _;
    }

    modifier knownJob(uint256 id) {
        require(id > 0 && id <= jobCount, "unknown job");
        _;
    }

    constructor(address cashier) public {
        require(cashier != address(0), "no cashier");
        _roles[CHAIR][msg.sender] = true;
        _roles[CASHIER][cashier] = true;
        emit RoleGiven(CHAIR, msg.sender);
        emit RoleGiven(CASHIER, cashier);
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    function give(bytes32 role, address who) external only(role) { // <-- access-control
        require(who != address(0), "nobody");
        _roles[role][who] = true;
        emit RoleGiven(role, who);
    }

    function take(bytes32 role, address who) external only(CHAIR) {
        require(who != msg.sender, "chair stays");
        _roles[role][who] = false;
        emit RoleTaken(role, who);
    }

    function offerJob(address payable worker, uint256 cost) external only(JANITOR) {
        require(worker != address(0), "no worker");
        require(cost > 0, "no cost");
        jobCount = jobCount + 1;
        jobs[jobCount] = Job(worker, cost, false, false);
        emit JobOffered(jobCount, worker, cost);
    }

    function approveJob(uint256 id) external knownJob(id) { // <-- access-control
        Job storage job = jobs[id];
        require(!job.approved, "approved before");
        uint256 sum = reserved + job.cost;
        require(sum >= reserved && sum <= address(this).balance, "fund too small");
        reserved = sum;
        job.approved = true;
        emit JobApproved(id);
    }

    function payJob(uint256 id) external only(CASHIER) knownJob(id) {
        Job storage job = jobs[id];
        require(job.approved && !job.paid, "not payable");
        job.paid = true;
        reserved = reserved - job.cost;
        emit JobPaid(id, job.cost);
        job.worker.transfer(job.cost);
    }

    function hasRole(bytes32 role, address who) external view returns (bool) {
        return _roles[role][who];
    }
}
