// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
abstract contract TypedData {
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    bytes32 private immutable _nameHash;

    error InvalidSignature();

    constructor(string memory name) {
        _nameHash = keccak256(bytes(name));
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, _nameHash, keccak256("1"), block.chainid, address(this)));
    }

    function _recover(bytes32 structHash, uint8 v, bytes32 r, bytes32 s) internal view returns (address signer) {
        if (uint256(s) > HALF_ORDER) revert InvalidSignature();
        signer = ecrecover(keccak256(abi.encodePacked("\x19\x01", domainSeparator(), structHash)), v, r, s);
        if (signer == address(0)) revert InvalidSignature();
    }
}

/// @title PayrollRelay
/// @notice Employers credit wages; employees draw them themselves or let a relayer do it for a tip.
contract PayrollRelay is TypedData {
    bytes32 public constant DRAW_TYPE = keccak256(
        "Draw(address employee,address recipient,uint256 amount,uint256 tip,uint256 nonce,uint256 deadline)"
    );
    uint256 public constant MAX_EMPLOYEES = 200;

    struct Draw {
        address employee;
        address recipient;
        uint256 amount;
        uint256 tip;
        uint256 deadline;
    }

    IERC20 public immutable currency;
    mapping(address => uint256) public wages;
    mapping(address => uint256) public nonces;

    event Credited(address indexed employer, address indexed employee, uint256 amount);
    event Drawn(address indexed employee, address indexed recipient, uint256 amount, uint256 tip);

    error ZeroAddress();
    error LengthMismatch();
    error BatchTooLong();
    error Expired();
    error TipTooHigh();
    error TransferFailed();

    constructor(IERC20 currency_) TypedData("PayrollRelay") {
        if (address(currency_) == address(0)) revert ZeroAddress();
        currency = currency_;
    }

    function credit(address[] calldata employees, uint256[] calldata amounts) external {
        if (employees.length != amounts.length) revert LengthMismatch();
        if (employees.length > MAX_EMPLOYEES) revert BatchTooLong();
        uint256 total;
        for (uint256 i; i < employees.length; ++i) {
            if (employees[i] == address(0)) revert ZeroAddress();
            wages[employees[i]] += amounts[i];
            total += amounts[i];
            emit Credited(msg.sender, employees[i], amounts[i]);
        }
        _pull(msg.sender, total);
    }

    function draw(address recipient, uint256 amount) external {
        if (recipient == address(0)) revert ZeroAddress();
        wages[msg.sender] -= amount;
        emit Drawn(msg.sender, recipient, amount, 0);
        _push(recipient, amount);
    }

    /// @notice Draw with the signature of the employee; the tip goes to the relayer.
    function drawFor(Draw calldata d, uint8 v, bytes32 r, bytes32 s) external {
        if (block.timestamp > d.deadline) revert Expired();
        if (d.recipient == address(0)) revert ZeroAddress();
        if (d.tip > d.amount) revert TipTooHigh();
        bytes32 structHash = keccak256(
            abi.encode(DRAW_TYPE, d.employee, d.recipient, d.amount, d.tip, nonces[d.employee]++, d.deadline)
        );
        if (_recover(structHash, v, r, s) != d.employee) revert InvalidSignature();

        wages[d.employee] -= d.amount;
        emit Drawn(d.employee, d.recipient, d.amount, d.tip);
        _push(d.recipient, d.amount - d.tip);
        if (d.tip != 0) _push(msg.sender, d.tip);
    }

    function _pull(address from, uint256 amount) private {
        if (!currency.transferFrom(from, address(this), amount)) revert TransferFailed();
    }

    function _push(address to, uint256 amount) private {
        if (!currency.transfer(to, amount)) revert TransferFailed();
    }
}
