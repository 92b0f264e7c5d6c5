// SPDX-License-Identifier: MIT
pragma solidity ^0.8.21;

/// @title A stipend in ether for lighthouse keepers that grows with every second of service
contract LampOilStipend {
    struct Keeper {
        bool serving;
        uint64 since;
        uint96 perDay;
        uint128 earned;
    }

    uint256 public constant MAX_PER_DAY = 1 ether;

    address public immutable board;
    mapping(address => Keeper) public keepers;

    event Funded(address indexed from, uint256 amount);
    event Hired(address indexed keeper, uint96 perDay);
    event PayChanged(address indexed keeper, uint96 perDay);
    event Dismissed(address indexed keeper);
    event Paid(address indexed keeper, uint256 amount);

    error OnlyBoard();
    error WrongState();
    error TooHigh();

    modifier onlyBoard() {
        if (msg.sender != board) revert OnlyBoard();
        _;
    }

    constructor() {
        board = msg.sender;
    }

    receive() external payable {
        emit Funded(msg.sender, msg.value);
    }

    function hire(address keeper, uint96 perDay) external onlyBoard {
        Keeper storage k = keepers[keeper];
        if (k.serving || keeper == address(0)) revert WrongState();
        if (perDay > MAX_PER_DAY) revert TooHigh();
        k.serving = true; // <-- time
        k.perDay = perDay;
        emit Hired(keeper, perDay);
    }

    function changePay(address keeper, uint96 perDay) external onlyBoard {
        Keeper storage k = keepers[keeper];
        if (!k.serving) revert WrongState();
        if (perDay > MAX_PER_DAY) revert TooHigh();
        _accrue(k);
        k.perDay = perDay;
        emit PayChanged(keeper, perDay);
    }

    function dismiss(address keeper) external onlyBoard {
        Keeper storage k = keepers[keeper];
        if (!k.serving) revert WrongState();
        _accrue(k);
        k.serving = false;
        emit Dismissed(keeper);
    }

    function draw() external {
        Keeper storage k = keepers[msg.sender];
        if (k.serving) _accrue(k);
        uint256 amount = k.earned;
        if (amount == 0) revert WrongState();
        k.earned = 0;
        emit Paid(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }

    function pending(address keeper) external view returns (uint256) {
        Keeper storage k = keepers[keeper];
        if (!k.serving) return k.earned;
        return k.earned + ((block.timestamp - k.since) * k.perDay) / 1 days;
    }

    function _accrue(Keeper storage k) private {
        uint256 elapsed = block.timestamp - k.since;
        k.earned += uint128((elapsed * k.perDay) / 1 days);
        k.since = uint64(block.timestamp);
    }
}
