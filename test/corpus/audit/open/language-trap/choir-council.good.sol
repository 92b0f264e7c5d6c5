// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Council of a choir; motions pass with the votes of most singers
contract ChoirCouncil {
    struct Motion {
        string text;
        uint64 endsAt;
        uint32 yes;
        uint32 no;
        bool closed;
        mapping(address => bool) voted;
    }

    uint256 public constant MAX_SINGERS = 60;

    address public conductor;
    address[] private singers;
    mapping(address => uint256) private placeOf;
    Motion[] private motions;

    event Joined(address indexed singer);
    event Left(address indexed singer);
    event Moved(uint256 indexed motion, string text);
    event Voted(uint256 indexed motion, address indexed singer, bool yes);
    event Closed(uint256 indexed motion, bool passed);

    error NotConductor();
    error NotSinger();

    modifier onlySinger() {
        if (placeOf[msg.sender] == 0) revert NotSinger();
        _;
    }

    constructor() {
        conductor = msg.sender;
    }

    function join(address singer) external {
        if (msg.sender != conductor) revert NotConductor();
        require(singer != address(0) && placeOf[singer] == 0, "singer");
        require(singers.length < MAX_SINGERS, "choir is full");
        singers.push(singer);
        placeOf[singer] = singers.length;
        emit Joined(singer);
    }

    function leave() external onlySinger {
        uint256 index = placeOf[msg.sender] - 1;
        address last = singers[singers.length - 1];
        singers[index] = last;
        placeOf[last] = index + 1;
        placeOf[msg.sender] = 0;
        singers.pop();
        emit Left(msg.sender);
    }

    function move(string calldata text) external onlySinger returns (uint256 id) {
        require(bytes(text).length > 0 && bytes(text).length < 500, "text");
        id = motions.length;
        Motion storage m = motions.push();
        m.text = text;
        m.endsAt = uint64(block.timestamp + 5 days);
        emit Moved(id, text);
    }

    function vote(uint256 id, bool yes) external onlySinger {
        Motion storage m = motions[id];
        require(block.timestamp < m.endsAt, "over");
        require(!m.voted[msg.sender], "voted");
        m.voted[msg.sender] = true;
        if (yes) m.yes += 1;
        else m.no += 1;
        emit Voted(id, msg.sender, yes);
    }

    function close(uint256 id) external returns (bool passed) {
        Motion storage m = motions[id];
        require(block.timestamp >= m.endsAt && !m.closed, "not closable");
        m.closed = true;
        passed = uint256(m.yes) * 2 > singers.length;
        emit Closed(id, passed);
    }

    function result(uint256 id) external view returns (uint32 yes, uint32 no) {
        return (motions[id].yes, motions[id].no);
    }

    function singerCount() external view returns (uint256) {
        return singers.length;
    }
}
