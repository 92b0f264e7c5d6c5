// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Purse of a family
/// @notice The head fills it, every member may spend a weekly allowance. Small
/// helper contracts ("modules") add features such as swaps without redeploying.
contract FamilyWallet {
    uint256 public constant WEEK = 7 days;

    struct Member {
        bool active;
        uint256 allowancePerWeek;
        uint256 week;
        uint256 spent;
    }

    address public head;
    address public nextHead;
    mapping(address => Member) public members;
    bool private running;

    event Received(address indexed from, uint256 amount);
    event HeadProposed(address indexed who);
    event HeadChanged(address indexed who);
    event MemberSet(address indexed who, uint256 allowancePerWeek);
    event MemberRemoved(address indexed who);
    event Spent(address indexed who, address indexed to, uint256 amount);
    event ModuleRun(address indexed who, address indexed module);

    modifier onlyHead() {
        require(msg.sender == head, "head only");
        _;
    }

    modifier onlyMember() {
        require(members[msg.sender].active, "members only");
        _;
    }

    modifier once() {
        require(!running, "busy");
        running = true;
        _;
        running = false;
    }

    constructor() public {
        head = msg.sender;
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    function proposeHead(address who) external onlyHead {
        require(who != address(0), "zero");
        nextHead = who;
        emit HeadProposed(who);
    }

    function acceptHead() external {
        require(msg.sender == nextHead, "not proposed");
        head = msg.sender;
        nextHead = address(0);
        emit HeadChanged(msg.sender);
    }

    function setMember(address who, uint256 allowancePerWeek) external onlyHead {
        require(who != address(0), "zero");
        members[who].active = true;
        members[who].allowancePerWeek = allowancePerWeek;
        emit MemberSet(who, allowancePerWeek);
    }

    function removeMember(address who) external onlyHead {
        require(members[who].active, "unknown");
        delete members[who];
        emit MemberRemoved(who);
    }

    function spend(address payable to, uint256 amount) external onlyMember once {
        require(to != address(0), "zero");
        Member storage m = members[msg.sender];
        uint256 week = block.timestamp / WEEK;
        if (m.week != week) {
            m.week = week;
            m.spent = 0;
        }
        require(m.spent <= m.allowancePerWeek, "allowance");
        require(amount <= m.allowancePerWeek - m.spent, "allowance");
        m.spent += amount;
        _send(to, amount);
    }

    function headSpend(address payable to, uint256 amount) external onlyHead once {
        require(to != address(0), "zero");
        _send(to, amount);
    }

    function runModule(address module, bytes calldata data) external onlyMember once returns (bytes memory) {
        require(_isContract(module), "not a contract");
        (bool ok, bytes memory result) = module.delegatecall(data); // <-- delegatecall-proxy
        require(ok, "module failed");
        emit ModuleRun(msg.sender, module);
        return result;
    }

    function _send(address payable to, uint256 amount) private {
        require(amount <= address(this).balance, "funds");
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "transfer failed");
        emit Spent(msg.sender, to, amount);
    }

    function _isContract(address a) private view returns (bool) {
        uint256 size;
        assembly {
            size := extcodesize(a)
        }
        return size > 0;
    }
}
