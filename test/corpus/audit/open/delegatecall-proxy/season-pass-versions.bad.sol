// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";

/// @notice First version, live since the winter season.
contract SeasonPassV1 is Initializable {
    address public operator;
    uint256 public sold;
    mapping(address => uint256) public validUntil;

    event PassGranted(address indexed guest, uint256 until);

    constructor() {
        _disableInitializers();
    }

    function initialize(address operator_) external initializer {
        require(operator_ != address(0), "operator");
        operator = operator_;
    }

    function grant(address guest, uint256 until) external {
        require(msg.sender == operator, "not operator");
        require(until > block.timestamp, "past");
        sold += 1;
        validUntil[guest] = until;
        emit PassGranted(guest, until);
    }

    function upgradeTo(address next) external {
        require(msg.sender == operator, "not operator");
        ERC1967Utils.upgradeToAndCall(next, "");
    }
}

/// @notice Second version: passes can be suspended for a while. Same proxy.
contract SeasonPassV2 is Initializable {
    address public operator;
    mapping(address => bool) public suspended; // <-- delegatecall-proxy
    uint256 public sold;
    mapping(address => uint256) public validUntil;

    event PassGranted(address indexed guest, uint256 until);
    event PassSuspended(address indexed guest, bool suspended);

    constructor() {
        _disableInitializers();
    }

    modifier onlyOperator() {
        require(msg.sender == operator, "not operator");
        _;
    }

    function grant(address guest, uint256 until) external onlyOperator {
        require(until > block.timestamp, "past");
        sold += 1;
        validUntil[guest] = until;
        emit PassGranted(guest, until);
    }

    function suspend(address guest, bool value) external onlyOperator {
        suspended[guest] = value;
        emit PassSuspended(guest, value);
    }

    function isValid(address guest) external view returns (bool) {
        return !suspended[guest] && validUntil[guest] >= block.timestamp;
    }

    function upgradeTo(address next) external onlyOperator {
        ERC1967Utils.upgradeToAndCall(next, "");
    }
}

contract SeasonPassProxy is ERC1967Proxy {
    constructor(address first, address operator)
        ERC1967Proxy(first, abi.encodeCall(SeasonPassV1.initialize, (operator)))
    {}
}
