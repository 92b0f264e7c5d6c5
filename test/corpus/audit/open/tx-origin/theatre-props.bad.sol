// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

abstract contract Actor {
    function _actor() internal view virtual returns (address payable) {
        return tx.origin; // <-- tx-origin
    }
}

abstract contract Stewarded is Actor {
    address private _steward;

    event StewardChanged(address indexed previous, address indexed current);

    constructor() internal {
        _steward = msg.sender;
        emit StewardChanged(address(0), msg.sender);
    }

    modifier onlySteward() {
        require(_actor() == _steward, "Stewarded: caller is not the steward");
        _;
    }

    function steward() public view returns (address) {
        return _steward;
    }

    function changeSteward(address next) public virtual onlySteward {
        require(next != address(0), "Stewarded: next is zero");
        emit StewardChanged(_steward, next);
        _steward = next;
    }
}

/// @title Props of a theatre that are lent to other companies
contract TheatreProps is Stewarded {
    struct Prop {
        string name;
        uint256 fee;
        address borrower;
        uint256 dueBack;
    }

    Prop[] private props;
    uint256 public fees;

    event PropAdded(uint256 indexed id, string name, uint256 fee);
    event PropLent(uint256 indexed id, address indexed borrower, uint256 dueBack);
    event PropReturned(uint256 indexed id);
    event FeesTaken(uint256 amount);

    function addProp(string calldata name, uint256 fee) external onlySteward {
        require(bytes(name).length > 0, "TheatreProps: name");
        props.push(Prop(name, fee, address(0), 0));
        emit PropAdded(props.length - 1, name, fee);
    }

    function borrow(uint256 id) external payable {
        Prop storage prop = props[id];
        require(prop.borrower == address(0), "TheatreProps: lent out");
        require(msg.value == prop.fee, "TheatreProps: fee");
        prop.borrower = msg.sender;
        prop.dueBack = block.timestamp + 30 days;
        fees += msg.value;
        emit PropLent(id, msg.sender, prop.dueBack);
    }

    function confirmReturn(uint256 id) external onlySteward {
        Prop storage prop = props[id];
        require(prop.borrower != address(0), "TheatreProps: not lent");
        prop.borrower = address(0);
        prop.dueBack = 0;
        emit PropReturned(id);
    }

    function takeFees(address payable to) external onlySteward {
        require(to != address(0), "TheatreProps: to");
        uint256 amount = fees;
        fees = 0;
        emit FeesTaken(amount);
        to.transfer(amount);
    }

    function propInfo(uint256 id) external view returns (string memory, uint256, address, uint256) {
        Prop storage p = props[id];
        return (p.name, p.fee, p.borrower, p.dueBack);
    }
}
