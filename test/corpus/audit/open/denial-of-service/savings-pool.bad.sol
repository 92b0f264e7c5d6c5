// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title SavingsPool
/// @notice Neighbours save together. At the end of a season the bonus given by sponsors is shared
///         in proportion to the savings.
contract SavingsPool {
    enum Phase {
        Saving,
        Closed
    }

    uint256 private constant SCALE = 1e18;

    uint64 public immutable seasonEnds;
    Phase public phase;

    address[] public savers;
    mapping(address => bool) private known;
    mapping(address => uint256) public savings;
    uint256 public totalSavings;
    uint256 public bonus;
    mapping(address => uint256) public bonusOf;

    event Saved(address indexed saver, uint256 amount);
    event BonusGiven(address indexed sponsor, uint256 amount);
    event SeasonClosed(uint256 totalSavings, uint256 bonus);
    event Collected(address indexed saver, uint256 amount);

    modifier inPhase(Phase p) {
        require(phase == p, "wrong phase");
        _;
    }

    constructor(uint64 ends) {
        require(ends > block.timestamp, "season is over");
        seasonEnds = ends;
    }

    function save() external payable inPhase(Phase.Saving) {
        require(block.timestamp < seasonEnds, "season is over");
        require(msg.value > 0, "nothing saved");
        if (!known[msg.sender]) {
            known[msg.sender] = true;
            savers.push(msg.sender);
        }
        savings[msg.sender] += msg.value;
        totalSavings += msg.value;
        emit Saved(msg.sender, msg.value);
    }

    function giveBonus() external payable inPhase(Phase.Saving) {
        require(totalSavings > 0, "no savers yet");
        bonus += msg.value;
        emit BonusGiven(msg.sender, msg.value);
    }

    /// @notice Anybody may close the season once its time is over.
    function closeSeason() external inPhase(Phase.Saving) {
        require(block.timestamp >= seasonEnds, "season is on");
        require(totalSavings > 0, "no savers");
        phase = Phase.Closed;
        for (uint256 i = 0; i < savers.length; i++) { // <-- denial-of-service
            address saver = savers[i];
            bonusOf[saver] = (bonus * savings[saver]) / totalSavings;
        }
        emit SeasonClosed(totalSavings, bonus);
    }

    function collect() external inPhase(Phase.Closed) {
        uint256 own = savings[msg.sender];
        require(own > 0, "nothing saved");
        uint256 amount = own + bonusOf[msg.sender];
        savings[msg.sender] = 0;
        emit Collected(msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        require(ok, "payment failed");
    }

    function saverCount() external view returns (uint256) {
        return savers.length;
    }
}
