// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @dev Master copy; every beneficiary gets a minimal clone that delegates to it.
contract VestingCloneLogic {
    address public funder;
    address payable public beneficiary;
    uint256 public start;
    uint256 public duration;
    uint256 public released;

    event Released(uint256 amount);
    event Closed(uint256 returned);

    modifier onlyFunder() {
        require(msg.sender == funder, "Vesting: not funder");
        _;
    }

    constructor() public {
        funder = address(this);
    }

    function setUp(address payable beneficiary_, uint256 start_, uint256 duration_) external payable {
        require(funder == address(0), "Vesting: set up already");
        require(beneficiary_ != address(0), "Vesting: beneficiary");
        require(duration_ > 0 && duration_ < 3650 days, "Vesting: duration");
        require(start_ < block.timestamp + 3650 days, "Vesting: start");
        funder = msg.sender;
        beneficiary = beneficiary_;
        start = start_;
        duration = duration_;
    }

    function total() public view returns (uint256) {
        return address(this).balance + released;
    }

    function vested() public view returns (uint256) {
        if (block.timestamp <= start) {
            return 0;
        }
        uint256 elapsed = block.timestamp - start;
        if (elapsed >= duration) {
            return total();
        }
        uint256 sum = total();
        require(sum < uint256(-1) / elapsed, "Vesting: overflow");
        return (sum * elapsed) / duration;
    }

    function release() public {
        uint256 due = vested() - released;
        require(due > 0, "Vesting: nothing due");
        released += due;
        emit Released(due);
        (bool ok, ) = beneficiary.call{value: due}("");
        require(ok, "Vesting: payment failed");
    }

    /// @notice Half a year after the end the unclaimed rest goes back to the funder.
    function close() external onlyFunder {
        require(block.timestamp > start + duration + 180 days, "Vesting: not over");
        emit Closed(address(this).balance);
        (bool ok, ) = payable(funder).call{value: address(this).balance}("");
        require(ok, "Vesting: return failed");
    }
}
