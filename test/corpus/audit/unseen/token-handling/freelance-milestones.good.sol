// SPDX-License-Identifier: MIT
pragma solidity 0.7.6;

interface IERC20 {
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "SafeMath: add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "SafeMath: sub");
        return a - b;
    }
}

library SafeToken {
    function isContract(address a) internal view returns (bool) {
        uint256 size;
        assembly {
            size := extcodesize(a)
        }
        return size > 0;
    }

    function push(IERC20 token, address to, uint256 amount) internal {
        _call(token, abi.encodeWithSelector(token.transfer.selector, to, amount));
    }

    function pull(IERC20 token, address from, uint256 amount) internal {
        _call(token, abi.encodeWithSelector(token.transferFrom.selector, from, address(this), amount));
    }

    function _call(IERC20 token, bytes memory data) private {
        require(isContract(address(token)), "SafeToken: no contract");
        (bool ok, bytes memory ret) = address(token).call(data);
        require(ok && (ret.length == 0 || abi.decode(ret, (bool))), "SafeToken: failed");
    }
}

/// @notice Escrow of freelance jobs in whatever token the two sides agree on.
contract FreelanceMilestones {
    using SafeMath for uint256;
    using SafeToken for IERC20;

    struct Job {
        address client;
        address worker;
        address arbiter;
        IERC20 token;
        uint256 escrowed;
        uint256 deadline;
    }

    uint256 public jobCount;
    mapping(uint256 => Job) public jobs;
    uint256 private unlocked = 1;

    event JobOpened(uint256 indexed id, address indexed client, address indexed worker, address token);
    event Funded(uint256 indexed id, uint256 amount);
    event Released(uint256 indexed id, uint256 amount);
    event Refunded(uint256 indexed id, uint256 amount);

    modifier lock() {
        require(unlocked == 1, "locked");
        unlocked = 0;
        _;
        unlocked = 1;
    }

    function open(address worker, address arbiter, IERC20 token, uint256 deadline) external returns (uint256 id) {
        require(worker != address(0) && arbiter != address(0), "zero address");
        require(arbiter != msg.sender && arbiter != worker, "arbiter not neutral");
        require(deadline > block.timestamp, "deadline passed");
        id = ++jobCount;
        jobs[id] = Job(msg.sender, worker, arbiter, token, 0, deadline);
        emit JobOpened(id, msg.sender, worker, address(token));
    }

    function fund(uint256 id, uint256 amount) external lock {
        Job storage job = jobs[id];
        require(job.client == msg.sender, "not client");
        require(amount > 0, "zero amount");
        uint256 held = job.token.balanceOf(address(this));
        job.token.pull(msg.sender, amount);
        uint256 received = job.token.balanceOf(address(this)).sub(held);
        job.escrowed = job.escrowed.add(received);
        emit Funded(id, received);
    }

    /// @notice The client accepts a milestone, or the arbiter decides for the worker.
    function release(uint256 id, uint256 amount) external lock {
        Job storage job = jobs[id];
        require(msg.sender == job.client || msg.sender == job.arbiter, "not allowed");
        job.escrowed = job.escrowed.sub(amount);
        emit Released(id, amount);
        job.token.push(job.worker, amount);
    }

    /// @notice The worker gives back, the arbiter decides for the client, or the job has run out.
    function refund(uint256 id, uint256 amount) external lock {
        Job storage job = jobs[id];
        bool expired = msg.sender == job.client && block.timestamp > job.deadline;
        require(expired || msg.sender == job.worker || msg.sender == job.arbiter, "not allowed");
        job.escrowed = job.escrowed.sub(amount);
        emit Refunded(id, amount);
        job.token.push(job.client, amount);
    }
}
