// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Shares of a cooperative, bought and returned at a set price
contract CooperativeShares {
    uint256 public constant SHARE_PRICE = 0.25 ether;
    uint256 public constant MAX_SHARES = 1000000;

    address public board;
    uint256 public totalShares;
    uint256 public ledgerBalance;
    mapping(address => uint256) public sharesOf;
    mapping(address => bool) public admitted;

    event Admitted(address indexed member);
    event Bought(address indexed member, uint256 shares);
    event Returned(address indexed member, uint256 shares);
    event Moved(address indexed from, address indexed to, uint256 shares);

    modifier onlyBoard() {
        require(msg.sender == board, "not the board");
        _;
    }

    modifier booksMatch() {
        _;
        assert(address(this).balance >= ledgerBalance);
    }

    constructor() public {
        board = msg.sender;
    }

    function admit(address member) external onlyBoard {
        require(member != address(0), "member");
        admitted[member] = true;
        emit Admitted(member);
    }

    function buy(uint256 shares) external payable booksMatch {
        require(admitted[msg.sender], "not admitted");
        require(shares > 0 && shares <= MAX_SHARES - totalShares, "shares");
        require(msg.value == shares * SHARE_PRICE, "price");
        sharesOf[msg.sender] += shares;
        totalShares += shares;
        ledgerBalance += msg.value;
        emit Bought(msg.sender, shares);
    }

    function giveBack(uint256 shares) external booksMatch {
        uint256 own = sharesOf[msg.sender];
        require(shares > 0 && shares <= own, "shares");
        sharesOf[msg.sender] = own - shares;
        totalShares -= shares;
        ledgerBalance -= shares * SHARE_PRICE;
        emit Returned(msg.sender, shares);
        msg.sender.transfer(shares * SHARE_PRICE);
    }

    function move(address to, uint256 shares) external {
        require(admitted[to], "not admitted");
        uint256 own = sharesOf[msg.sender];
        require(shares <= own, "shares");
        sharesOf[msg.sender] = own - shares;
        sharesOf[to] += shares;
        emit Moved(msg.sender, to, shares);
    }
}
