// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

contract PayrollStorage {
    address internal logic;
    address internal controller;
    mapping(address => uint256) internal wages;
    mapping(address => uint256) internal lastPaid;
}

contract PayrollLogic is PayrollStorage {
    event WageSet(address indexed worker, uint256 weekly);
    event WagePaid(address indexed worker, uint256 weekly);

    function setWage(address worker, uint256 weekly) external {
        require(msg.sender == controller);
        require(worker != address(0));
        wages[worker] = weekly;
        lastPaid[worker] = now;
        emit WageSet(worker, weekly);
    }

    function collect() external {
        uint256 weekly = wages[msg.sender];
        require(weekly > 0);
        require(now >= lastPaid[msg.sender] + 1 weeks);
        lastPaid[msg.sender] = now;
        emit WagePaid(msg.sender, weekly);
        msg.sender.transfer(weekly);
    }

    function wageOf(address worker) external view returns (uint256) {
        return wages[worker];
    }
}

contract PayrollProxy is PayrollStorage {
    event LogicChanged(address indexed previous, address indexed current);
    event ControllerChanged(address indexed previous, address indexed current);

    modifier onlyController() {
        require(msg.sender == controller);
        _;
    }

    constructor(address firstLogic) public payable {
        require(isContract(firstLogic));
        controller = msg.sender;
        logic = firstLogic;
    }

    function changeController(address next) external onlyController {
        require(next != address(0));
        emit ControllerChanged(controller, next);
        controller = next;
    }

    /// Points the proxy to a new version of the payroll.
    function changeLogic(address next) external { // <-- delegatecall-proxy
        require(isContract(next));
        emit LogicChanged(logic, next);
        logic = next;
    }

    function currentLogic() external view returns (address) {
        return logic;
    }

    function isContract(address account) internal view returns (bool) {
        uint256 size;
        assembly { size := extcodesize(account) }
        return size > 0;
    }

    function() external payable {
        if (msg.data.length == 0) {
            return; // plain funding
        }
        address target = logic;
        assembly {
            let p := mload(0x40)
            calldatacopy(p, 0, calldatasize)
            let ok := delegatecall(gas, target, p, calldatasize, 0, 0)
            returndatacopy(p, 0, returndatasize)
            switch ok
            case 0 { revert(p, returndatasize) }
            default { return(p, returndatasize) }
        }
    }
}
