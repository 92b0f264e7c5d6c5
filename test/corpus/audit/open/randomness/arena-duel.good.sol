// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/// @title Duels between two fighters for a common stake
/// @notice Both fighters hand in a hashed move; who strikes harder takes both stakes.
contract ArenaDuel {
    struct Duel {
        address red;
        address blue;
        uint256 stake;
        bytes32 redHash;
        bytes32 blueHash;
        uint256 redMove;
        uint256 blueMove;
        bool redShown;
        bool blueShown;
        uint256 joinedAtBlock;
        uint256 showBy;
        bool over;
    }

    uint256 public constant SHOW_TIME = 2 days;
    uint256 public duelCount;
    mapping(uint256 => Duel) private duels;
    mapping(address => uint256) public purse;

    event Challenged(uint256 indexed id, address indexed red, uint256 stake);
    event Accepted(uint256 indexed id, address indexed blue);
    event Shown(uint256 indexed id, address indexed fighter);
    event Decided(uint256 indexed id, address indexed winner);

    function challenge(bytes32 moveHash) external payable returns (uint256 id) {
        require(msg.value >= 10 finney && msg.value <= 10 ether, "stake out of range");
        id = ++duelCount;
        Duel storage duel = duels[id];
        duel.red = msg.sender;
        duel.stake = msg.value;
        duel.redHash = moveHash;
        emit Challenged(id, msg.sender, msg.value);
    }

    function accept(uint256 id, bytes32 moveHash) external payable {
        Duel storage duel = duels[id];
        require(duel.red != address(0) && duel.blue == address(0) && !duel.over, "not open");
        require(duel.red != msg.sender, "cannot fight oneself");
        require(msg.value == duel.stake, "stake differs");
        duel.blue = msg.sender;
        duel.blueHash = moveHash;
        duel.joinedAtBlock = block.number;
        duel.showBy = block.timestamp + SHOW_TIME;
        emit Accepted(id, msg.sender);
    }

    function show(uint256 id, uint256 move, bytes32 salt) external {
        Duel storage duel = duels[id];
        require(duel.blue != address(0) && !duel.over, "no duel");
        require(block.timestamp <= duel.showBy, "too late");
        bytes32 hash = keccak256(abi.encodePacked(msg.sender, move, salt));
        if (msg.sender == duel.red) {
            require(!duel.redShown && hash == duel.redHash, "not your move");
            duel.redShown = true;
            duel.redMove = move;
        } else {
            require(msg.sender == duel.blue, "not a fighter");
            require(!duel.blueShown && hash == duel.blueHash, "not your move");
            duel.blueShown = true;
            duel.blueMove = move;
        }
        emit Shown(id, msg.sender);
    }

    /// @notice Decides a duel once both have shown their moves.
    function decide(uint256 id) external {
        Duel storage duel = duels[id];
        require(duel.redShown && duel.blueShown && !duel.over, "not ready");
        award(id, strike(duel) ? duel.red : duel.blue);
    }

    /// @notice Who does not show the move in time loses; if nobody does, both get their stake back.
    function timeout(uint256 id) external {
        Duel storage duel = duels[id];
        require(duel.blue != address(0) && !duel.over && block.timestamp > duel.showBy, "not timed out");
        require(!(duel.redShown && duel.blueShown), "both have shown");
        if (duel.redShown) {
            award(id, duel.red);
        } else if (duel.blueShown) {
            award(id, duel.blue);
        } else {
            duel.over = true;
            purse[duel.red] += duel.stake;
            purse[duel.blue] += duel.stake;
        }
    }

    /// @notice A challenge that nobody took can be withdrawn.
    function callOff(uint256 id) external {
        Duel storage duel = duels[id];
        require(duel.red == msg.sender && duel.blue == address(0) && !duel.over, "cannot call off");
        duel.over = true;
        purse[msg.sender] += duel.stake;
    }

    function collect() external {
        uint256 amount = purse[msg.sender];
        require(amount > 0, "empty purse");
        purse[msg.sender] = 0;
        msg.sender.transfer(amount);
    }

    /// @dev True if red strikes harder.
    function strike(Duel storage duel) internal view returns (bool) {
        require(block.number > duel.joinedAtBlock + 1, "too soon");
        return uint256(keccak256(abi.encodePacked(duel.redMove, duel.blueMove, duel.red, duel.blue))) & 1 == 1;
    }

    function award(uint256 id, address winner) internal {
        Duel storage duel = duels[id];
        duel.over = true;
        purse[winner] += duel.stake * 2;
        emit Decided(id, winner);
    }
}
