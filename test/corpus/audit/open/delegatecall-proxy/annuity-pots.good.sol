// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A pot of ether for one person, guarded by a trustee
contract AnnuityPot {
    struct Request {
        uint128 amount;
        uint64 madeAt;
    }

    address public beneficiary;
    address public trustee;
    bool public opened;
   uint256 public constant objectionPeriod = 14 days;
    Request public request;

    event Opened(address indexed beneficiary, address indexed trustee);
    event Filled(address indexed from, uint256 amount);
    event Requested(uint256 amount, uint256 payableAt);
    event Objected(uint256 amount);
    event Paid(uint256 amount);

    error AlreadyOpened();
    error NotBeneficiary();
    error NotTrustee();
    error BadAmount(uint256 amount);
    error TooEarly(uint256 payableAt);
    error NoRequest();
    error PaymentFailed();

    constructor() {
        opened = true;
    }

    receive() external payable {
        emit Filled(msg.sender, msg.value);
    }

    function open(address beneficiary_, address trustee_) external {
        if (opened) revert AlreadyOpened();
        opened = true;
        beneficiary = beneficiary_;
        trustee = trustee_;
        emit Opened(beneficiary_, trustee_);
    }

    /// @notice Asks for money; the trustee may object for a while.
    function ask(uint128 amount) external {
        if (msg.sender != beneficiary) revert NotBeneficiary();
        if (amount == 0 || amount > address(this).balance) revert BadAmount(amount);
        request = Request(amount, uint64(block.timestamp));
        emit Requested(amount, block.timestamp + objectionPeriod);
    }

    function object() external {
        if (msg.sender != trustee) revert NotTrustee();
        if (request.amount == 0) revert NoRequest();
        emit Objected(request.amount);
        delete request;
    }

    function draw() external {
        if (msg.sender != beneficiary) revert NotBeneficiary();
        Request memory asked = request;
        if (asked.amount == 0) revert NoRequest();
        uint256 payableAt = asked.madeAt + objectionPeriod;
        if (block.timestamp < payableAt) revert TooEarly(payableAt);
        delete request;
        emit Paid(asked.amount);
        (bool ok, ) = msg.sender.call{value: asked.amount}("");
        if (!ok) revert PaymentFailed();
    }
}

/// @title Makes pots, each a minimal proxy of one logic contract
contract AnnuityOffice {
    address public immutable logic;
    mapping(address => address[]) private _potsOf;

    event PotMade(address indexed pot, address indexed beneficiary, address indexed trustee);

    error BadParty();
    error CloneFailed();

    constructor() {
        logic = address(new AnnuityPot());
    }

    function potsOf(address beneficiary) external view returns (address[] memory) {
        return _potsOf[beneficiary];
    }

    function make(address beneficiary, address trustee) external payable returns (AnnuityPot pot) {
        if (beneficiary == address(0) || trustee == address(0) || trustee == beneficiary) revert BadParty();
        pot = AnnuityPot(payable(_clone(logic)));
        pot.open(beneficiary, trustee);
        _potsOf[beneficiary].push(address(pot));
        emit PotMade(address(pot), beneficiary, trustee);
        if (msg.value > 0) {
            (bool ok, ) = address(pot).call{value: msg.value}("");
            if (!ok) revert CloneFailed();
        }
    }

    function _clone(address target) private returns (address made) {
        assembly ("memory-safe") {
            mstore(0x00, or(shr(0xe8, shl(0x60, target)), 0x3d602d80600a3d3981f3363d3d373d3d3d363d73000000))
            mstore(0x20, or(shl(0x78, target), 0x5af43d82803e903d91602b57fd5bf3))
            made := create(0, 0x09, 0x37)
        }
        if (made == address(0)) revert CloneFailed();
    }
}
