// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Slots of the proxy, far away from those of the logic
library ProxySlots {
    bytes32 internal constant LOGIC = bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1);
    bytes32 internal constant ADMIN = bytes32(uint256(keccak256("eip1967.proxy.admin")) - 1);

    function read(bytes32 slot) internal view returns (address value) {
        assembly {
            value := sload(slot)
        }
    }

    function write(bytes32 slot, address value) internal {
        assembly {
            sstore(slot, value)
        }
    }
}

/// @notice Transparent proxy: the admin never reaches the logic, others only that.
contract WorkshopProxy {
    event Upgraded(address indexed logic);
    event AdminChanged(address indexed previous, address indexed current);

    error NoCode(address logic);
    error AdminCannotFallBack();

    constructor(address logic, address admin, bytes memory setUp) payable {
        require(admin != address(0), "admin");
        require(setUp.length != 0, "set up");
        ProxySlots.write(ProxySlots.ADMIN, admin);
        emit AdminChanged(address(0), admin);
        _upgrade(logic, setUp);
    }

    modifier ifAdmin() {
        if (msg.sender == ProxySlots.read(ProxySlots.ADMIN)) {
            _;
        } else {
            _forward();
        }
    }

    function upgradeToAndCall(address logic, bytes calldata data) external payable ifAdmin {
        _upgrade(logic, data);
    }

    function changeAdmin(address next) external ifAdmin {
        require(next != address(0), "admin");
        emit AdminChanged(ProxySlots.read(ProxySlots.ADMIN), next);
        ProxySlots.write(ProxySlots.ADMIN, next);
    }

    fallback() external payable {
        if (msg.sender == ProxySlots.read(ProxySlots.ADMIN)) revert AdminCannotFallBack();
        _forward();
    }

    receive() external payable {
        _forward();
    }

    function _upgrade(address logic, bytes memory data) private {
        if (logic.code.length == 0) revert NoCode(logic);
        ProxySlots.write(ProxySlots.LOGIC, logic);
        emit Upgraded(logic);
        if (data.length != 0) {
            (bool ok, bytes memory answer) = logic.delegatecall(data);
            if (!ok) {
                assembly {
                    revert(add(answer, 0x20), mload(answer))
                }
            }
        } else {
            require(msg.value == 0, "value without call");
        }
    }

    function _forward() private {
        address logic = ProxySlots.read(ProxySlots.LOGIC);
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), logic, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok
            case 0 {
                revert(0, returndatasize())
            }
            default {
                return(0, returndatasize())
            }
        }
    }
}

/// @title Jobs of a repair workshop; logic for the proxy above
contract WorkshopLogic {
    enum JobState { None, Quoted, Ordered, Done, Paid, Refunded }

    struct Job {
        address customer;
        uint96 price;
        uint64 dueBy;
        JobState state;
    }

    uint64 private _version;
    address public master;
    uint256 public jobCount;
    mapping(uint256 => Job) public jobs;
    mapping(address => uint256) public balances;
    bool private _busy;

    /// @dev room for state of later versions
    uint256[44] private __gap;

    event Initialized(uint64 version);
    event Quoted(uint256 indexed id, address indexed customer, uint96 price);
    event Ordered(uint256 indexed id);
    event Finished(uint256 indexed id);
    event Closed(uint256 indexed id, JobState state);
    event Withdrawn(address indexed account, uint256 amount);

    error WrongState(JobState state);

    modifier onlyMaster() {
        require(msg.sender == master, "master");
        _;
    }

    /// @dev the bare logic can never be set up, only proxies of it
    constructor() {
        _version = type(uint64).max;
    }

    function initialize(address master_) external {
        require(_version == 0, "initialized");
        require(master_ != address(0), "master");
        _version = 1;
        master = master_;
        emit Initialized(1);
    }

    function quote(address customer, uint96 price, uint64 dueBy) external onlyMaster returns (uint256 id) {
        require(customer != address(0) && price > 0 && dueBy > block.timestamp, "quote");
        id = ++jobCount;
        jobs[id] = Job(customer, price, dueBy, JobState.Quoted);
        emit Quoted(id, customer, price);
    }

    function order(uint256 id) external payable {
        Job storage j = jobs[id];
        if (j.state != JobState.Quoted) revert WrongState(j.state);
        require(msg.sender == j.customer && msg.value == j.price, "order");
        j.state = JobState.Ordered;
        emit Ordered(id);
    }

    function finish(uint256 id) external onlyMaster {
        Job storage j = jobs[id];
        if (j.state != JobState.Ordered) revert WrongState(j.state);
        j.state = JobState.Done;
        emit Finished(id);
    }

    /// @notice By the customer, or by the master a month after the due date.
    function close(uint256 id) external {
        Job storage j = jobs[id];
        if (j.state != JobState.Done) revert WrongState(j.state);
        bool late = msg.sender == master && block.timestamp > j.dueBy + 30 days;
        require(msg.sender == j.customer || late, "not allowed");
        j.state = JobState.Paid;
        balances[master] += j.price;
        emit Closed(id, JobState.Paid);
    }

    /// @notice An order that is not finished two weeks after the due date is paid back.
    function refund(uint256 id) external {
        Job storage j = jobs[id];
        if (j.state != JobState.Ordered) revert WrongState(j.state);
        require(msg.sender == j.customer && block.timestamp > j.dueBy + 14 days, "not allowed");
        j.state = JobState.Refunded;
        balances[j.customer] += j.price;
        emit Closed(id, JobState.Refunded);
    }

    function withdraw() external {
        require(!_busy, "busy");
        _busy = true;
        uint256 amount = balances[msg.sender];
        balances[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment failed");
        _busy = false;
    }
}
