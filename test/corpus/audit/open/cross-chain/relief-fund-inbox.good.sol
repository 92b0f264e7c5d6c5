// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

library Client {
    struct TokenAmount {
        address token;
        uint256 amount;
    }

    struct Any2EVMMessage {
        bytes32 messageId;
        uint64 sourceChainSelector;
        bytes sender;
        bytes data;
        TokenAmount[] destTokenAmounts;
    }
}

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
}

/// @title Pays relief grants that branch offices on other chains have approved
contract ReliefFundInbox {
    struct Grant {
        address recipient;
        uint96 amount;
        bool paid;
    }

    address public immutable router;
    IERC20 public immutable stable;
    address public immutable board;
    mapping(uint64 => address) public officeOn;
    mapping(bytes32 => Grant) public grants;
    uint256 public outstanding;

    event OfficeSet(uint64 indexed chain, address office);
    event GrantApproved(bytes32 indexed messageId, address indexed recipient, uint256 amount);
    event GrantPaid(bytes32 indexed messageId);
    event GrantCancelled(bytes32 indexed messageId);

    error OnlyBoard();
    error OnlyRouter(address caller);
    error UnknownOffice(uint64 chain, bytes sender);
    error BadGrant(bytes32 messageId);

    modifier onlyBoard() {
        if (msg.sender != board) revert OnlyBoard();
        _;
    }

    modifier onlyRouter() {
        if (msg.sender != router) revert OnlyRouter(msg.sender);
        _;
    }

    constructor(address router_, IERC20 stable_) {
        if (router_ == address(0) || address(stable_) == address(0)) revert OnlyBoard();
        router = router_;
        stable = stable_;
        board = msg.sender;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == this.ccipReceive.selector || id == this.supportsInterface.selector;
    }

    function setOffice(uint64 chain, address office) external onlyBoard {
        officeOn[chain] = office;
        emit OfficeSet(chain, office);
    }

    function ccipReceive(Client.Any2EVMMessage calldata message) external onlyRouter {
        address office = officeOn[message.sourceChainSelector];
       if (office == address(0) || office != abi.decode(message.sender, (address))) {
           revert UnknownOffice(message.sourceChainSelector, message.sender);
       }
        (address recipient, uint96 amount) = abi.decode(message.data, (address, uint96));
        if (recipient == address(0) || amount == 0) revert BadGrant(message.messageId);
        if (grants[message.messageId].recipient != address(0)) revert BadGrant(message.messageId);
        grants[message.messageId] = Grant(recipient, amount, false);
        outstanding += amount;
        emit GrantApproved(message.messageId, recipient, amount);
    }

    function collect(bytes32 messageId) external {
        Grant storage grant = grants[messageId];
        if (grant.recipient != msg.sender || grant.paid) revert BadGrant(messageId);
        grant.paid = true;
        outstanding -= grant.amount;
        emit GrantPaid(messageId);
        if (!stable.transfer(msg.sender, grant.amount)) revert BadGrant(messageId);
    }

    function cancel(bytes32 messageId) external onlyBoard {
        Grant storage grant = grants[messageId];
        if (grant.recipient == address(0) || grant.paid) revert BadGrant(messageId);
        grant.paid = true;
        outstanding -= grant.amount;
        emit GrantCancelled(messageId);
    }
}
