// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a);
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        if (a == 0) {
            return 0;
        }
        uint256 c = a * b;
        require(c / a == b);
        return c;
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0);
        return a / b;
    }
}

abstract contract Payer {
    event Sent(address indexed to, uint256 amount);

    function _send(address payable to, uint256 amount) internal virtual {
        require(address(this).balance >= amount, "Payer: balance");
        (bool success, ) = to.call{value: amount}("");
        require(success, "Payer: refused");
        emit Sent(to, amount);
    }
}

abstract contract Shares {
    using SafeMath for uint256;

    uint256 public constant MAX_HOLDERS = 20;
    uint256 public totalShares;
    mapping(address => uint256) public shares;

    constructor(address[] memory holders, uint256[] memory parts) public {
        require(holders.length == parts.length, "Shares: length");
        require(holders.length > 0 && holders.length <= MAX_HOLDERS, "Shares: holders");
        for (uint256 i = 0; i < holders.length; i++) {
            require(holders[i] != address(0), "Shares: zero");
            require(parts[i] > 0 && shares[holders[i]] == 0, "Shares: parts");
            shares[holders[i]] = parts[i];
            totalShares = totalShares.add(parts[i]);
        }
    }
}

contract SongRoyalties is Shares, Payer {
    string public title;
    uint256 public received;
    uint256 public paidOut;
    mapping(address => uint256) public drawn;

    event Royalty(address indexed from, uint256 amount);

    constructor(string memory _title, address[] memory holders, uint256[] memory parts)
        public
        Shares(holders, parts)
    {
        title = _title;
    }

    receive() external payable {
        received = received.add(msg.value);
        emit Royalty(msg.sender, msg.value);
    }

    function pending(address holder) public view returns (uint256) {
        uint256 entitled = received.mul(shares[holder]).div(totalShares);
        return entitled.sub(drawn[holder]);
    }

    function draw() external {
        uint256 amount = pending(msg.sender);
        require(amount > 0, "nothing due");
        drawn[msg.sender] = drawn[msg.sender].add(amount);
        paidOut = paidOut.add(amount);
        _send(msg.sender, amount);
    }
}
