// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/// Token of the foundation; it returns true or reverts.
interface IFoundationToken {
    function approve(address spender, uint256 amount) external returns (bool);

    function allowance(address owner, address spender) external view returns (uint256);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/**
 * @title GrantAllowances
 * @dev The foundation's purse. Grantees draw their grant from the purse by the token's allowance,
 * whenever they need it; the committee adapts grants to the progress of the work.
 */
contract GrantAllowances {
    struct Grant {
        bytes32 project;
        uint256 allowed;
        uint256 changes;
        bool active;
    }

    IFoundationToken public token;
    address public committee;
    address public proposedCommittee;
    mapping(address => Grant) public grants;

    event PurseFilled(address indexed from, uint256 amount);
    event GrantOpened(address indexed grantee, bytes32 indexed project, uint256 amount);
    event GrantChanged(address indexed grantee, uint256 amount);
    event GrantClosed(address indexed grantee);
    event CommitteeProposed(address indexed next);
    event CommitteeChanged(address indexed committee);

    modifier onlyCommittee() {
        require(msg.sender == committee, "committee only");
        _;
    }

    constructor(IFoundationToken token_) public {
        require(address(token_) != address(0), "no token");
        token = token_;
        committee = msg.sender;
    }

    function fillPurse(uint256 amount) external {
        emit PurseFilled(msg.sender, amount);
        require(token.transferFrom(msg.sender, address(this), amount), "fill failed");
    }

    function openGrant(address grantee, bytes32 project, uint256 amount) external onlyCommittee {
        require(grantee != address(0) && grantee != address(this), "bad grantee");
        require(!grants[grantee].active, "has a grant");
        require(token.allowance(address(this), grantee) == 0, "allowance left");
        grants[grantee] = Grant(project, amount, 0, true);
        emit GrantOpened(grantee, project, amount);
        require(token.approve(grantee, amount), "approve failed");
    }

    /// Raise or lower what a grantee may still draw.
    function changeGrant(address grantee, uint256 amount) external onlyCommittee {
        Grant storage g = grants[grantee];
        require(g.active, "no grant");
        require(amount != g.allowed, "no change");
        g.allowed = amount;
        g.changes += 1;
        emit GrantChanged(grantee, amount);
        require(token.approve(grantee, amount), "approve failed"); // <-- token-handling
    }

    function closeGrant(address grantee) external onlyCommittee {
        require(grants[grantee].active, "no grant");
        grants[grantee].active = false;
        grants[grantee].allowed = 0;
        emit GrantClosed(grantee);
        require(token.approve(grantee, 0), "approve failed");
    }

    function proposeCommittee(address next) external onlyCommittee {
        proposedCommittee = next;
        emit CommitteeProposed(next);
    }

    function acceptCommittee() external {
        require(msg.sender == proposedCommittee, "not proposed");
        committee = msg.sender;
        proposedCommittee = address(0);
        emit CommitteeChanged(msg.sender);
    }
}
