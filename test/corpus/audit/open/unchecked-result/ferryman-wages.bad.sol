// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Wages of ferrymen, paid by the trip
contract FerrymanWages {
    address public harbour;
    uint256 public perTrip;
    mapping(address => bool) public isFerryman;
    mapping(address => uint256) public trips;
    uint256 public openTrips;

    event Funded(uint256 amount);
    event Hired(address indexed ferryman);
    event Trip(address indexed ferryman);
    event Paid(address indexed ferryman, uint256 amount);

    modifier onlyHarbour() {
        require(msg.sender == harbour, "harbour");
        _;
    }

    modifier onlyFerryman(address who) {
        require(isFerryman[who], "ferryman");
        _;
    }

    constructor(uint256 perTrip_) public payable {
        require(perTrip_ > 0 && perTrip_ <= 1 ether, "wage");
        harbour = msg.sender;
        perTrip = perTrip_;
    }

    function fund() external payable onlyHarbour {
        emit Funded(msg.value);
    }

    function hire(address ferryman) external onlyHarbour {
        require(ferryman != address(0) && !isFerryman[ferryman], "hired");
        isFerryman[ferryman] = true;
        emit Hired(ferryman);
    }

    function trip(address ferryman) external onlyHarbour onlyFerryman(ferryman) {
        require(address(this).balance >= (openTrips + 1) * perTrip, "not funded");
        trips[ferryman] += 1;
        openTrips += 1;
        emit Trip(ferryman);
    }

    function payTo(address account) external onlyFerryman(msg.sender) {
        require(account != address(0), "account");
        uint256 done = trips[msg.sender];
        require(done > 0, "no trips");
        trips[msg.sender] = 0;
        openTrips -= done;
        account.send(done * perTrip); // <-- unchecked-result
        emit Paid(msg.sender, done * perTrip);
    }

    function takeSurplus() external onlyHarbour {
        uint256 bound = openTrips * perTrip;
        require(address(this).balance > bound, "no surplus");
        harbour.transfer(address(this).balance - bound);
    }
}
