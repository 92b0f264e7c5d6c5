// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Account that runs small modules in its own context
contract ModuleHost {
    struct Module {
        bool listed;
        uint64 addedAt;
        bytes32 codeHash;
    }

    address public owner;
    uint256 public moduleCount;
    mapping(address => Module) public modules;
    mapping(address => bool) public delegates;

    event ModuleListed(address indexed module, bytes32 codeHash);
    event ModuleDropped(address indexed module);
    event DelegateSet(address indexed who, bool enabled);
    event Ran(address indexed module, address indexed by);
    event Received(address indexed from, uint256 amount);

    modifier onlyOwner() {
        require(msg.sender == owner, "owner only");
        _;
    }

    modifier onlyTrusted() {
        require(msg.sender == owner || delegates[msg.sender], "not trusted");
        _;
    }

    constructor(address owner_) public {
        require(owner_ != address(0), "no owner");
        owner = owner_;
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    function setDelegate(address who, bool enabled) external onlyOwner {
        require(who != address(0), "nobody");
        delegates[who] = enabled;
        emit DelegateSet(who, enabled);
    }

    function listModule(address module) external onlyOwner {
        require(!modules[module].listed, "listed before");
        bytes32 codeHash = _codeHash(module);
        require(codeHash != bytes32(0), "no code");
        modules[module] = Module(true, uint64(block.timestamp), codeHash);
        moduleCount++;
        emit ModuleListed(module, codeHash);
    }

    function dropModule(address module) external onlyOwner {
        require(modules[module].listed, "not listed");
        delete modules[module];
        moduleCount--;
        emit ModuleDropped(module);
    }

    function run(address module, bytes calldata data) external onlyTrusted returns (bytes memory) {
        require(_intact(module), "module not listed");
        emit Ran(module, msg.sender);
        return _enter(module, data);
    }

    /// @notice Try out a module, only the answer is of interest.
    function preview(address module, bytes calldata data) external onlyTrusted returns (bytes memory) {
        require(_intact(module), "module not listed");
        return _enter(module, data);
    }

    function pay(address payable to, uint256 amount) external onlyOwner {
        require(to != address(0), "no receiver");
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment failed");
    }

    function _enter(address module, bytes memory data) private returns (bytes memory) {
        (bool ok, bytes memory answer) = module.delegatecall(data);
        require(ok, "module failed");
        return answer;
    }

    function _intact(address module) private view returns (bool) {
        Module storage entry = modules[module];
        return entry.listed && entry.codeHash == _codeHash(module);
    }

    function _codeHash(address module) private view returns (bytes32 codeHash) {
        uint256 size;
        assembly {
            size := extcodesize(module)
        }
        if (size > 0) {
            assembly {
                codeHash := extcodehash(module)
            }
        }
    }
}
