// SPDX-License-Identifier: MIT
pragma solidity ^0.8.17;

/// @notice Holds the pay of a single errand until the customer confirms it.
contract ErrandEscrow {
    address payable public immutable customer;
    address payable public immutable runner;
    uint64 public immutable expiry;
    bool public confirmed;

    event Confirmed(uint256 amount);
    event Ended(address indexed to, uint256 amount);

    constructor(address payable customer_, address payable runner_, uint64 expiry_) payable {
        customer = customer_;
        runner = runner_;
        expiry = expiry_;
    }

    function confirm() external {
        require(msg.sender == customer, "not the customer");
        require(!confirmed, "confirmed already");
        confirmed = true;
        emit Confirmed(address(this).balance);
        (bool ok, ) = runner.call{value: address(this).balance}("");
        require(ok, "payment failed");
    }

    /// @notice Ends an errand that was never confirmed.
    function expire(address payable to) external {
        require(block.timestamp > expiry, "not expired");
        require(to != address(0), "receiver is zero");
        require(to == customer, "receiver is not the customer");
        _end(to);
    }

    function _end(address payable to) internal {
        uint256 rest = address(this).balance;
        emit Ended(to, rest);
        (bool ok, ) = to.call{value: rest}("");
        require(ok, "return failed");
    }
}

/// @title Creates one escrow for every errand
contract ErrandEscrowFactory {
    struct Errand {
        ErrandEscrow escrow;
        bytes32 description;
    }

    mapping(address => Errand[]) private errandsOf;

    event ErrandOpened(address indexed customer, address indexed runner, address escrow);

    function open(
        address payable runner,
        uint64 duration,
        bytes32 description
    ) external payable returns (ErrandEscrow escrow) {
        require(msg.value > 0, "no pay");
        require(runner != address(0) && runner != msg.sender, "runner");
        require(duration >= 1 hours && duration <= 60 days, "duration");
        escrow = new ErrandEscrow{value: msg.value}(
            payable(msg.sender),
            runner,
            uint64(block.timestamp) + duration
        );
        errandsOf[msg.sender].push(Errand(escrow, description));
        emit ErrandOpened(msg.sender, runner, address(escrow));
    }

    function errandCount(address customer) external view returns (uint256) {
        return errandsOf[customer].length;
    }

    function errand(address customer, uint256 index) external view returns (Errand memory) {
        return errandsOf[customer][index];
    }
}
