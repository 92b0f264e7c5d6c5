// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title Tip jars for street musicians, tips come from fans or from their subscriptions
contract TipJar {
    struct Jar {
        address musician;
        uint256 tips;
        uint256 total;
    }

    IToken public token;
    uint256 public jarCount;
    mapping(uint256 => Jar) public jars;
    mapping(address => mapping(address => uint256)) public limits;

    event JarOpened(uint256 indexed id, address indexed musician);
    event Tipped(uint256 indexed id, address indexed fan, uint256 amount);
    event LimitSet(address indexed fan, address indexed agent, uint256 limit);
    event Emptied(uint256 indexed id, uint256 amount);

    constructor(IToken token_) public {
        require(address(token_) != address(0), "no token");
        token = token_;
    }

    modifier knownJar(uint256 id) {
        require(jars[id].musician != address(0), "no such jar");
        _;
    }

    function openJar() external returns (uint256 id) {
        jarCount += 1;
        id = jarCount;
        jars[id].musician = msg.sender;
        emit JarOpened(id, msg.sender);
    }

    /// @notice How much an agent may tip in the fan's name.
    function setLimit(address agent, uint256 limit) external {
        require(agent != address(0), "no agent");
        limits[msg.sender][agent] = limit;
        emit LimitSet(msg.sender, agent, limit);
    }

    function tip(uint256 id, uint256 amount) external {
        _tip(id, msg.sender, amount);
    }

    /// @notice Tip in the name of a fan who has set a limit.
    function tipFor(address fan, uint256 id, uint256 amount) external {
        uint256 limit = limits[fan][msg.sender];
        if (limit < amount) {
            limits[fan][msg.sender] = 0;
        } else {
            limits[fan][msg.sender] = limit - amount;
        }
        _tip(id, fan, amount); // <-- arbitrary-call
    }

    function empty(uint256 id) external knownJar(id) {
        Jar storage jar = jars[id];
        require(msg.sender == jar.musician, "musician only");
        uint256 amount = jar.tips;
        require(amount > 0, "empty");
        jar.tips = 0;
        emit Emptied(id, amount);
        require(token.transfer(jar.musician, amount), "transfer failed");
    }

    function _tip(uint256 id, address fan, uint256 amount) internal knownJar(id) {
        require(amount > 0, "no tip");
        Jar storage jar = jars[id];
        jar.tips = _sum(jar.tips, amount);
        jar.total = _sum(jar.total, amount);
        emit Tipped(id, fan, amount);
        require(token.transferFrom(fan, address(this), amount), "transfer failed");
    }

    function _sum(uint256 a, uint256 b) private pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "overflow");
    }
}
