// SPDX-License-Identifier: GPL-3.0
pragma solidity ^0.7.6;

/// @title Deeds of moorings that can be sold, let and managed by an agent
contract MooringDeeds {
    struct Deed {
        address holder;
        address agent;
        uint64 surveyedAt;
        uint128 askingPrice;
    }

    address public immutable surveyor;
    uint256 public lastDeed;
    mapping(uint256 => Deed) public deeds;
    mapping(address => uint256) public deedsHeld;
    mapping(address => uint256) public proceeds;

    event Surveyed(uint256 indexed id, address indexed holder);
    event AgentNamed(uint256 indexed id, address indexed agent);
    event Offered(uint256 indexed id, uint256 price);
    event Transferred(uint256 indexed id, address indexed from, address indexed to);
    event Collected(address indexed holder, uint256 amount);

    modifier mayManage(uint256 id) {
        Deed storage deed = deeds[id];
        require(deed.holder != address(0), "MooringDeeds: unknown");
        require(msg.sender == deed.holder || msg.sender == deed.agent, "MooringDeeds: not yours");
        _;
    }

    constructor() {
        surveyor = msg.sender;
    }

    function survey(address holder) external returns (uint256 id) {
        require(msg.sender == surveyor, "MooringDeeds: surveyor");
        require(holder != address(0), "MooringDeeds: zero");
        id = ++lastDeed;
        deeds[id] = Deed(holder, address(0), uint64(block.timestamp), 0);
        deedsHeld[holder] += 1;
        emit Surveyed(id, holder);
    }

    function nameAgent(uint256 id, address agent) external {
        require(msg.sender == deeds[id].holder, "MooringDeeds: holder");
        deeds[id].agent = agent;
        emit AgentNamed(id, agent);
    }

    function offer(uint256 id, uint128 price) external mayManage(id) {
        deeds[id].askingPrice = price;
        emit Offered(id, price);
    }

    function convey(uint256 id, address to) external mayManage(id) {
        _hand(id, to);
    }

    function buy(uint256 id, uint128 price) external payable {
        Deed storage deed = deeds[id];
        address seller = deed.holder;
        require(seller != address(0) && seller != msg.sender, "MooringDeeds: seller");
        require(deed.askingPrice != 0 && deed.askingPrice == price, "MooringDeeds: price");
        require(msg.value == price, "MooringDeeds: value");
        proceeds[seller] += msg.value;
        _hand(id, msg.sender);
    }

    function collect() external {
        uint256 amount = proceeds[msg.sender];
        require(amount > 0, "MooringDeeds: nothing");
        proceeds[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "MooringDeeds: payment");
        emit Collected(msg.sender, amount);
    }

    function _hand(uint256 id, address to) private {
        require(to != address(0), "MooringDeeds: zero");
        Deed storage deed = deeds[id];
        address from = deed.holder;
        deedsHeld[from] -= 1;
        deedsHeld[to] += 1;
       deed.holder = to; // <-- access-control
        deed.askingPrice = 0;
        emit Transferred(id, from, to);
    }
}
