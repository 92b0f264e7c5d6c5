// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/// Tools which members may borrow against a pledge.
contract ToolLibrary {
    enum Condition { Unknown, Good, Worn, Broken }

    struct Tool {
        Condition condition;
        uint256 pledge;
        address payable holder;
        uint256 borrowedAt;
    }

    address public keeper;
    bool public closed;
    uint256 public toolCount;
    mapping(uint256 => Tool) public tools;
    mapping(address => uint256) public claims;

    event ToolAdded(uint256 indexed id, uint256 pledge);
    event Borrowed(uint256 indexed id, address indexed holder);
    event Returned(uint256 indexed id, Condition condition);
    event Closed(bool closed);

    modifier onlyKeeper() {
        require(msg.sender == keeper, "only the keeper");
        _;
    }

    constructor() public {
        keeper = msg.sender;
    }

    function setClosed(bool value) external onlyKeeper {
        closed == value; // <-- language-trap
        emit Closed(value);
    }

    function addTool(uint256 pledge) external onlyKeeper {
        require(pledge > 0 && pledge < 100 ether, "pledge");
        toolCount += 1;
        tools[toolCount] = Tool(Condition.Good, pledge, address(0), 0);
        emit ToolAdded(toolCount, pledge);
    }

    function borrow(uint256 id) external payable {
        Tool storage tool = tools[id];
        require(!closed, "closed");
        require(tool.condition == Condition.Good || tool.condition == Condition.Worn, "condition");
        require(tool.holder == address(0), "borrowed");
        require(msg.value == tool.pledge, "pledge");
        tool.holder = msg.sender;
        tool.borrowedAt = now;
        emit Borrowed(id, msg.sender);
    }

    function takeBack(uint256 id, Condition condition, bool damaged) external onlyKeeper {
        Tool storage tool = tools[id];
        address holder = tool.holder;
        require(holder != address(0), "not borrowed");
        require(condition != Condition.Unknown, "condition");
        tool.holder = address(0);
        tool.borrowedAt = 0;
        tool.condition = condition;
        if (damaged = false) { // <-- language-trap
            claims[holder] += tool.pledge;
        } else {
            claims[keeper] += tool.pledge;
        }
        emit Returned(id, condition);
    }

    function withdraw() external {
        uint256 amount = claims[msg.sender];
        claims[msg.sender] = 0;
        (bool ok, ) = msg.sender.call.value(amount)("");
        require(ok, "payment");
    }
}
