// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

abstract contract Context {
    function _actor() internal view virtual returns (address) {
        return msg.sender;
    }
}

abstract contract Credits is Context {
    mapping(address => uint256) internal _credits;
    uint256 public totalCredits;

    event CreditsMoved(address indexed from, address indexed to, uint256 amount);

    error NotEnough();

    function creditsOf(address who) external view returns (uint256) {
        return _credits[who];
    }

    function move(address to, uint256 amount) external {
        address from = _actor();
        if (to == address(0) || _credits[from] < amount) revert NotEnough();
        _credits[from] -= amount;
        _credits[to] += amount;
        emit CreditsMoved(from, to, amount);
    }
}

/// @title Credits of a salon, one for each wei, that can also be moved by the salon's booking desk
contract SalonCredits is Credits {
    address public immutable manager;
    mapping(address => bool) public isDesk;

    event Bought(address indexed who, uint256 amount);
    event Cashed(address indexed who, uint256 amount);
    event DeskSet(address indexed desk, bool on);

    error OnlyManager();

    modifier onlyManager() {
        if (msg.sender != manager) revert OnlyManager();
        _;
    }

    constructor() {
        manager = msg.sender;
    }

    function setDesk(address desk, bool on) external onlyManager {
        isDesk[desk] = on;
        emit DeskSet(desk, on);
    }

    function buy() external payable {
        address who = _actor();
        _credits[who] += msg.value;
        totalCredits += msg.value;
        emit Bought(who, msg.value);
    }

    function cash(uint256 amount) external {
        if (_credits[msg.sender] < amount) revert NotEnough();
        _credits[msg.sender] -= amount;
        totalCredits -= amount;
        emit Cashed(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }

    /// @dev a desk appends the address of its caller to the data, as in ERC-2771
    function _actor() internal view override returns (address) {
        if (isDesk[msg.sender] && msg.data.length >= 24) {
            return address(bytes20(msg.data[msg.data.length - 20:]));
        }
        return super._actor();
    }
}
