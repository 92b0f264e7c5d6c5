// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable2Step, Ownable} from "@openzeppelin/contracts/access/Ownable2Step.sol";

library Messages {
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

/// @title Pays pensions which the head office on another chain has ordered
contract RemotePensionVault is Ownable2Step {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    address public immutable router;
    mapping(uint64 => address) public headOffice;
    mapping(bytes32 => bool) public handled;
    mapping(address => uint256) public pensionOf;
    bool public halted;

    event HeadOfficeSet(uint64 indexed chain, address office);
    event PensionOrdered(bytes32 indexed messageId, address indexed pensioner, uint256 amount);
    event PensionCollected(address indexed pensioner, uint256 amount);
    event Halted(bool halted);

    error InvalidRouter(address caller);
    error UnknownOffice(uint64 chain);
    error AlreadyHandled(bytes32 messageId);

    modifier onlyRouter() {
        if (msg.sender != router) revert InvalidRouter(msg.sender);
        _;
    }

    constructor(IERC20 token_, address router_) Ownable(msg.sender) {
        require(address(token_) != address(0) && router_ != address(0), "zero");
        token = token_;
        router = router_;
    }

    function setHeadOffice(uint64 chain, address office) external onlyOwner {
        headOffice[chain] = office;
        emit HeadOfficeSet(chain, office);
    }

    function halt(bool value) external onlyOwner {
        halted = value;
        emit Halted(value);
    }

    function ccipReceive(Messages.Any2EVMMessage calldata message) external onlyRouter { // <-- cross-chain
        require(!halted, "halted");
        if (message.sender.length != 32) {
            revert UnknownOffice(message.sourceChainSelector);
        }
        if (handled[message.messageId]) revert AlreadyHandled(message.messageId);
        handled[message.messageId] = true;

        (address pensioner, uint256 amount) = abi.decode(message.data, (address, uint256));
        require(pensioner != address(0), "pensioner");
        pensionOf[pensioner] += amount;
        emit PensionOrdered(message.messageId, pensioner, amount);
    }

    function collect() external {
        uint256 amount = pensionOf[msg.sender];
        require(amount > 0, "nothing to collect");
        pensionOf[msg.sender] = 0;
        emit PensionCollected(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }
}
