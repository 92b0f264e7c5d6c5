// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// Storage that the shelf shares with its modules.
contract ShelfStorage {
    IERC20 public token;
    address public curator;
    uint256 public booked;
    bool internal busy;
    mapping(bytes32 => address) public moduleOf;
    mapping(bytes32 => mapping(address => uint256)) public units;
    mapping(bytes32 => mapping(address => uint256)) public since;

    function plus(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "sum");
    }

    function minus(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "difference");
        return a - b;
    }
}

/// A module that holds money for thirty days.
contract MonthModule is ShelfStorage {
    address private immutable self = address(this);

    modifier delegated() {
        require(address(this) != self, "only for the shelf");
        _;
    }

    function open(bytes32 kind, address who, uint256 amount) external delegated {
        units[kind][who] = plus(units[kind][who], amount);
        since[kind][who] = block.timestamp;
        booked = plus(booked, amount);
    }

    function close(bytes32 kind, address who, uint256 amount) external delegated {
        require(block.timestamp >= since[kind][who] + 30 days, "too early");
        units[kind][who] = minus(units[kind][who], amount);
        booked = minus(booked, amount);
    }
}

/// @title A shelf of saving plans; the rules of each plan are a module's
contract StrategyShelf is ShelfStorage {
    event ModuleSet(bytes32 indexed kind, address module);
    event Opened(bytes32 indexed kind, address indexed who, uint256 amount);
    event Closed(bytes32 indexed kind, address indexed who, uint256 amount);

    modifier notBusy() {
        require(!busy, "busy");
        busy = true;
        _;
        busy = false;
    }

    constructor(IERC20 token_) public {
        require(address(token_) != address(0), "token");
        token = token_;
        curator = msg.sender;
    }

    /// A plan's rules are set once and never changed.
    function setModule(bytes32 kind, address module) external {
        require(msg.sender == curator, "curator");
        require(moduleOf[kind] == address(0), "set");
        uint256 size;
        assembly {
            size := extcodesize(module)
        }
        require(size > 0, "no code");
        moduleOf[kind] = module;
        emit ModuleSet(kind, module);
    }

    function open(bytes32 kind, uint256 amount) external notBusy {
        require(amount > 0, "amount");
        _run(kind, abi.encodeWithSelector(MonthModule.open.selector, kind, msg.sender, amount));
        emit Opened(kind, msg.sender, amount);
        require(token.transferFrom(msg.sender, address(this), amount), "transfer");
    }

    function close(bytes32 kind, uint256 amount) external notBusy {
        require(amount > 0, "amount");
        _run(kind, abi.encodeWithSelector(MonthModule.close.selector, kind, msg.sender, amount));
        emit Closed(kind, msg.sender, amount);
        require(token.transfer(msg.sender, amount), "transfer");
    }

    function _run(bytes32 kind, bytes memory data) private {
        address module = moduleOf[kind];
       require(module != address(0), "no such plan");
       (bool ok, bytes memory result) = module.delegatecall(data);
        if (!ok) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
    }
}
