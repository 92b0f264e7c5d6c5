// SPDX-License-Identifier: MIT
pragma solidity ^0.8.23;

interface IERC20 {
    function balanceOf(address who) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title Deposits of any token on a list of the steward's, with a notice of a week
contract CellarShares {
    struct Notice {
        uint256 amount;
        uint256 readyAt;
    }

    uint256 public constant NOTICE = 7 days;

    address public immutable steward;
    mapping(IERC20 => bool) public listed;
    mapping(IERC20 => mapping(address => uint256)) public deposits;
    mapping(IERC20 => mapping(address => Notice)) public notices;

    event Listed(IERC20 indexed token);
    event Deposited(IERC20 indexed token, address indexed who, uint256 amount);
    event NoticeGiven(IERC20 indexed token, address indexed who, uint256 amount);
    event Withdrawn(IERC20 indexed token, address indexed who, uint256 amount);

    error NotListed();
    error Entered();
    error NotReady();
    error TokenFailed();

    bool private entered;

    modifier nonReentrant() {
        if (entered) revert Entered();
        entered = true;
        _;
        entered = false;
    }

    constructor() {
        steward = msg.sender;
    }

    function list(IERC20 token) external {
        require(msg.sender == steward && address(token).code.length > 0, "list");
        listed[token] = true;
        emit Listed(token);
    }

    function deposit(IERC20 token, uint256 amount) external nonReentrant {
        if (!listed[token]) revert NotListed();
        uint256 held = token.balanceOf(address(this));
        _call(token, abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));
        uint256 received = token.balanceOf(address(this)) - held;
        deposits[token][msg.sender] += received;
        emit Deposited(token, msg.sender, received);
    }

    function giveNotice(IERC20 token, uint256 amount) external {
        deposits[token][msg.sender] -= amount;
        Notice storage n = notices[token][msg.sender];
        n.amount += amount;
        n.readyAt = block.timestamp + NOTICE;
        emit NoticeGiven(token, msg.sender, amount);
    }

    function withdraw(IERC20 token) external nonReentrant {
        Notice memory n = notices[token][msg.sender];
        if (n.amount == 0 || block.timestamp < n.readyAt) revert NotReady();
        delete notices[token][msg.sender];
        emit Withdrawn(token, msg.sender, n.amount);
        _call(token, abi.encodeCall(IERC20.transfer, (msg.sender, n.amount)));
    }

    function _call(IERC20 token, bytes memory data) private {
        (bool ok, bytes memory result) = address(token).call(data);
        if (!ok || (result.length > 0 && !abi.decode(result, (bool)))) revert TokenFailed();
    }
}
