// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Salaries that accrue by the second
/// @notice An employer funds one stream per worker; the agreed rate can be corrected later,
///         and the corrected rate then holds from the beginning of the stream.
contract PayrollStream {
    struct Stream {
        address employer;
        address worker;
        uint64 start;
        uint64 stop;
        uint256 ratePerSecond;
        uint256 funded;
        uint256 withdrawn;
    }

    uint256 public constant MAX_RATE = 1 ether;
    uint256 public nextId = 1;
    mapping(uint256 => Stream) private _streams;

    event Opened(uint256 indexed id, address indexed employer, address indexed worker, uint256 ratePerSecond);
    event Corrected(uint256 indexed id, uint256 ratePerSecond);
    event Withdrawn(uint256 indexed id, uint256 amount);
    event Closed(uint256 indexed id, uint256 returned);

    error NotYours();
    error NothingDue();
    error BadTerms();
    error PaymentRefused();

    function open(address worker, uint64 stop, uint256 ratePerSecond) external payable returns (uint256 id) {
        if (worker == address(0) || stop <= block.timestamp || msg.value == 0) revert BadTerms();
        if (ratePerSecond == 0 || ratePerSecond > MAX_RATE) revert BadTerms();
        id = nextId++;
        _streams[id] = Stream({
            employer: msg.sender,
            worker: worker,
            start: uint64(block.timestamp),
            stop: stop,
            ratePerSecond: ratePerSecond,
            funded: msg.value,
            withdrawn: 0
        });
        emit Opened(id, msg.sender, worker, ratePerSecond);
    }

    function correctRate(uint256 id, uint256 ratePerSecond) external {
        Stream storage s = _streams[id];
        if (s.employer != msg.sender) revert NotYours();
        if (ratePerSecond == 0 || ratePerSecond > MAX_RATE) revert BadTerms();
        s.ratePerSecond = ratePerSecond;
        emit Corrected(id, ratePerSecond);
    }

    function withdraw(uint256 id) external {
        Stream storage s = _streams[id];
        if (s.worker != msg.sender) revert NotYours();
        uint256 amount = due(id);
        if (amount == 0) revert NothingDue();
        s.withdrawn += amount;
        emit Withdrawn(id, amount);
        _send(s.worker, amount);
    }

    /// @notice After the end the employer may take back what was never earned.
    function close(uint256 id) external {
        Stream storage s = _streams[id];
        if (s.employer != msg.sender) revert NotYours();
        if (block.timestamp < s.stop) revert BadTerms();
        uint256 owed = due(id);
        uint256 back = s.funded - s.withdrawn - owed;
        if (back == 0) revert NothingDue();
        s.funded -= back;
        emit Closed(id, back);
        _send(s.employer, back);
    }

    /// @notice What the worker can withdraw now.
    function due(uint256 id) public view returns (uint256 amount) {
        Stream storage s = _streams[id];
        uint256 until = block.timestamp < s.stop ? block.timestamp : s.stop;
        uint256 accrued = (until - s.start) * s.ratePerSecond;
        if (accrued <= s.withdrawn) return 0;
        unchecked {
            amount = accrued - s.withdrawn;
        }
        uint256 left = s.funded - s.withdrawn;
        if (amount > left) amount = left;
    }

    function streamOf(uint256 id) external view returns (Stream memory) {
        return _streams[id];
    }

    function _send(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert PaymentRefused();
    }
}
