// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Wallet of a cabinet: transactions need the consent of several ministers
contract CabinetMultisig {
    struct Motion {
        address target;
        uint256 value;
        bytes data;
        uint256 createdAt;
        uint256 epoch;
        bool done;
        uint256 consents;
    }

    uint256 public constant MAX_MINISTERS = 15;
    uint256 public constant LIFETIME = 30 days;

    address[] private ministers;
    mapping(address => bool) public isMinister;
    uint256 public quorum;

    /// @dev grows with every change of the cabinet; older motions become void
    uint256 public epoch;
    Motion[] private motions;
    mapping(uint256 => mapping(address => bool)) public consented;
    bool private executing;

    event Funded(address indexed from, uint256 amount);
    event MotionMade(uint256 indexed id, address indexed by, address indexed target, uint256 value);
    event Consented(uint256 indexed id, address indexed minister);
    event Withdrawn(uint256 indexed id, address indexed minister);
    event Carried(uint256 indexed id, bytes result);
    event CabinetChanged(uint256 indexed epoch, uint256 size, uint256 quorum);

    modifier onlyMinister() {
        require(isMinister[msg.sender], "Cabinet: not a minister");
        _;
    }

    /// @dev the wallet changes itself by motions with itself as the target
    modifier onlySelf() {
        require(msg.sender == address(this), "Cabinet: only by motion");
        _;
    }

    modifier open(uint256 id) {
        require(id < motions.length, "Cabinet: no such motion");
        Motion storage m = motions[id];
        require(!m.done, "Cabinet: done");
        require(m.epoch == epoch, "Cabinet: cabinet has changed");
        require(block.timestamp < m.createdAt + LIFETIME, "Cabinet: expired");
        _;
    }

    constructor(address[] memory first, uint256 quorum_) public {
        require(first.length <= MAX_MINISTERS, "Cabinet: too large");
        for (uint256 i = 0; i < first.length; i++) {
            _appoint(first[i]);
        }
        _setQuorum(quorum_);
    }

    receive() external payable {
        emit Funded(msg.sender, msg.value);
    }

    // ---------------------------------------------------------------- motions

    function move(address target, uint256 value, bytes calldata data)
        external
        onlyMinister
        returns (uint256 id)
    {
        require(target != address(0), "Cabinet: target");
        require(data.length == 0 || _hasCode(target), "Cabinet: no code");
        id = motions.length;
        Motion storage m = motions.push();
        m.target = target;
        m.value = value;
        m.data = data;
        m.createdAt = block.timestamp;
        m.epoch = epoch;
        emit MotionMade(id, msg.sender, target, value);
        _consent(id);
    }

    function consent(uint256 id) external onlyMinister open(id) {
        _consent(id);
    }

    function withdrawConsent(uint256 id) external onlyMinister open(id) {
        require(consented[id][msg.sender], "Cabinet: no consent");
        consented[id][msg.sender] = false;
        motions[id].consents -= 1;
        emit Withdrawn(id, msg.sender);
    }

    function carry(uint256 id) external onlyMinister open(id) {
        Motion storage m = motions[id];
        require(m.consents >= quorum, "Cabinet: quorum");
        require(!executing, "Cabinet: executing");
        executing = true;
        m.done = true;
        (bool ok, bytes memory result) = m.target.call{value: m.value}(m.data);
        if (!ok) {
            assembly {
                revert(add(result, 32), mload(result))
            }
        }
        executing = false;
        emit Carried(id, result);
    }

    // ---------------------------------------------------------------- cabinet

    function appoint(address minister, uint256 quorum_) external onlySelf {
        require(ministers.length < MAX_MINISTERS, "Cabinet: too large");
        _appoint(minister);
        _nextEpoch(quorum_);
    }

    function dismiss(address minister, uint256 quorum_) external onlySelf {
        require(isMinister[minister], "Cabinet: not a minister");
        isMinister[minister] = false;
        uint256 last = ministers.length - 1;
        for (uint256 i = 0; i < last; i++) {
            if (ministers[i] == minister) {
                ministers[i] = ministers[last];
                break;
            }
        }
        ministers.pop();
        _nextEpoch(quorum_);
    }

    function changeQuorum(uint256 quorum_) external onlySelf {
        _nextEpoch(quorum_);
    }

    // ------------------------------------------------------------------ views

    function cabinet() external view returns (address[] memory) {
        return ministers;
    }

    function motionCount() external view returns (uint256) {
        return motions.length;
    }

    function motion(uint256 id)
        external
        view
        returns (address target, uint256 value, bytes memory data, bool done, uint256 consents)
    {
        Motion storage m = motions[id];
        return (m.target, m.value, m.data, m.done, m.consents);
    }

    // -------------------------------------------------------------- internals

    function _consent(uint256 id) private {
        require(!consented[id][msg.sender], "Cabinet: consented");
        consented[id][msg.sender] = true;
        motions[id].consents += 1;
        emit Consented(id, msg.sender);
    }

    function _appoint(address minister) private {
        require(minister != address(0) && minister != address(this), "Cabinet: minister");
        require(!isMinister[minister], "Cabinet: minister already");
        isMinister[minister] = true;
        ministers.push(minister);
    }

    function _nextEpoch(uint256 quorum_) private {
        _setQuorum(quorum_);
        epoch += 1;
        emit CabinetChanged(epoch, ministers.length, quorum_);
    }

    function _setQuorum(uint256 quorum_) private {
        require(quorum_ * 2 > ministers.length, "Cabinet: quorum is no majority");
        require(quorum_ <= ministers.length, "Cabinet: quorum out of reach");
        quorum = quorum_;
    }

    function _hasCode(address account) private view returns (bool) {
        uint256 size;
        assembly {
            size := extcodesize(account)
        }
        return size != 0;
    }
}
