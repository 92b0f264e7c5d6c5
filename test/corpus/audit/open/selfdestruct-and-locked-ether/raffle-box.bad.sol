// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// Charity collection: helpers gather ether for one recipient until a deadline.
contract RaffleBox {
    address public organiser;
    address public charity;
    uint256 public closesAt;
    uint256 public collected;
    bool public handedOver;

    mapping(address => uint256) public given;

    event Given(address indexed helper, uint256 amount);
    event HandedOver(address indexed charity, uint256 amount);
    event CharityChanged(address indexed charity);

    modifier onlyOrganiser() {
        require(msg.sender == organiser, "only organiser");
        _;
    }

    modifier beforeClosing() {
        require(now < closesAt, "closed");
        _;
    }

    constructor(address _charity, uint256 openFor) public {
        require(_charity != address(0), "charity");
        require(openFor >= 1 days && openFor <= 90 days, "period");
        organiser = msg.sender;
        charity = _charity;
        closesAt = now + openFor;
    }

    function give() external payable beforeClosing {
        require(msg.value > 0, "nothing given");
        given[msg.sender] += msg.value;
        collected += msg.value;
        emit Given(msg.sender, msg.value);
    }

    function changeCharity(address next) external onlyOrganiser beforeClosing {
        require(next != address(0), "charity");
        require(collected == 0, "has gifts");
        charity = next;
        emit CharityChanged(next);
    }

    function handOver() external {
        require(now >= closesAt, "still open");
        require(!handedOver, "done");
        handedOver = true;
        emit HandedOver(charity, address(this).balance);
        charity.transfer(address(this).balance);
    }

    /// Removes the contract from the chain when the action is over.
    function dismantle() external { // <-- selfdestruct-and-locked-ether
        require(organiser != address(0), "no organiser");
        selfdestruct(msg.sender);
    }
}
