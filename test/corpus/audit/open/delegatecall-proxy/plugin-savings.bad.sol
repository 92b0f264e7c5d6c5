// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

abstract contract PluginHost {
    mapping(address => bool) internal approvedPlugins;

    event PluginApproved(address indexed plugin, bool approved);
    event PluginUsed(address indexed plugin, address indexed by);

    function _approvePlugin(address plugin, bool approved) internal {
        require(_codeSize(plugin) > 0, "plugin without code");
        approvedPlugins[plugin] = approved;
        emit PluginApproved(plugin, approved);
    }

    function _usePlugin(address plugin, bytes memory data) internal returns (bytes memory) {
        require(_codeSize(plugin) > 0, "plugin without code");
        (bool ok, bytes memory answer) = plugin.delegatecall(data); // <-- delegatecall-proxy
        require(ok, "plugin failed");
        emit PluginUsed(plugin, msg.sender);
        return answer;
    }

    function _codeSize(address account) private view returns (uint256 size) {
        assembly {
            size := extcodesize(account)
        }
    }
}

/// @title Savings club with plugins for extra rules
contract PluginSavings is PluginHost {
    address public immutable treasurer;
    uint256 public saved;
    mapping(address => uint256) public savingsOf;
    uint256 private lock = 1;

    event Saved(address indexed member, uint256 amount);
    event Withdrawn(address indexed member, uint256 amount);

    modifier onlyTreasurer() {
        require(msg.sender == treasurer, "not treasurer");
        _;
    }

    modifier locked() {
        require(lock == 1, "locked");
        lock = 2;
        _;
        lock = 1;
    }

    constructor() {
        treasurer = msg.sender;
    }

    function save() external payable locked {
        require(msg.value > 0, "nothing sent");
        savingsOf[msg.sender] += msg.value;
        saved += msg.value;
        emit Saved(msg.sender, msg.value);
    }

    function withdraw(uint256 amount) external locked {
        uint256 own = savingsOf[msg.sender];
        require(amount <= own, "more than saved");
        savingsOf[msg.sender] = own - amount;
        saved -= amount;
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "transfer failed");
    }

    function approvePlugin(address plugin, bool approved) external onlyTreasurer {
        _approvePlugin(plugin, approved);
    }

    function usePlugin(address plugin, bytes calldata data) external locked returns (bytes memory) {
        return _usePlugin(plugin, data);
    }
}
