// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A household wallet that is extended by small code modules
/// @notice Spending is bounded by a daily allowance; modules add new features.
contract ModuleWallet {
    struct Allowance {
        uint128 perDay;
        uint128 spentToday;
        uint64 day;
    }

    address public immutable owner;
    mapping(address => bool) public modules;
    mapping(address => Allowance) private allowances;
    bool private entered;

    event ModuleListed(address indexed module, bool listed);
    event AllowanceSet(address indexed member, uint128 perDay);
    event Spent(address indexed member, address indexed to, uint256 amount);
    event ModuleRun(address indexed module, bytes result);

    error NotOwner();
    error NoModule(address module);
    error OverAllowance(uint256 left);
    error CallFailed();
    error Busy();

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    modifier whileIdle() {
        if (entered) revert Busy();
        entered = true;
        _;
        entered = false;
    }

    constructor() {
        owner = msg.sender;
    }

    receive() external payable {}

    function listModule(address module, bool listed) external onlyOwner {
        if (module.code.length == 0) revert NoModule(module);
        modules[module] = listed;
        emit ModuleListed(module, listed);
    }

    function setAllowance(address member, uint128 perDay) external onlyOwner {
        require(member != address(0), "member");
        allowances[member].perDay = perDay;
        emit AllowanceSet(member, perDay);
    }

    /// @notice Pays out of the day's allowance of the caller.
    function spend(address payable to, uint128 amount) external whileIdle {
        require(to != address(0), "to");
        Allowance storage a = allowances[msg.sender];
        uint64 today = uint64(block.timestamp / 1 days);
        if (a.day != today) {
            a.day = today;
            a.spentToday = 0;
        }
        uint128 left = a.perDay > a.spentToday ? a.perDay - a.spentToday : 0;
        if (amount > left) revert OverAllowance(left);
        a.spentToday += amount;
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert CallFailed();
        emit Spent(msg.sender, to, amount);
    }

    /// @notice Runs one function of a module in the context of this wallet.
    function runModule(address module, bytes calldata data)
        external
        whileIdle
        returns (bytes memory result)
    {
        if (module == address(0)) revert NoModule(module);
        bool ok;
        (ok, result) = module.delegatecall(data); // <-- delegatecall-proxy
        if (!ok) revert CallFailed();
        emit ModuleRun(module, result);
    }

    function leftToday(address member) external view returns (uint256) {
        Allowance storage a = allowances[member];
        if (a.day != uint64(block.timestamp / 1 days)) return a.perDay;
        return a.perDay > a.spentToday ? a.perDay - a.spentToday : 0;
    }
}
