// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/**
 * A book of credits between members. Rarely used functions live in extension
 * contracts and are reached through the fallback function.
 */
contract LedgerForwarder {
    address public bookkeeper;
    mapping(address => mapping(address => uint256)) public owes;
    mapping(bytes4 => address) public extensionOf;

    event CreditGiven(address indexed lender, address indexed borrower, uint256 amount);
    event CreditSettled(address indexed lender, address indexed borrower, uint256 amount);
    event ExtensionSet(bytes4 indexed selector, address extension);

    modifier onlyBookkeeper() {
        require(msg.sender == bookkeeper, "only bookkeeper");
        _;
    }

    constructor() public {
        bookkeeper = msg.sender;
    }

    function setExtension(bytes4 selector, address extension) external onlyBookkeeper {
        require(extension == address(0) || hasCode(extension), "extension has no code");
        extensionOf[selector] = extension;
        emit ExtensionSet(selector, extension);
    }

    function giveCredit(address lender, uint256 amount) external {
        require(lender != address(0) && lender != msg.sender, "lender");
        uint256 sum = owes[msg.sender][lender] + amount;
        require(sum >= amount, "overflow");
        owes[msg.sender][lender] = sum;
        emit CreditGiven(lender, msg.sender, amount);
    }

    /// Called by the lender once the debt was paid outside of the chain.
    function settle(address borrower, uint256 amount) external {
        uint256 debt = owes[borrower][msg.sender];
        require(amount <= debt, "more than owed");
        owes[borrower][msg.sender] = debt - amount;
        emit CreditSettled(msg.sender, borrower, amount);
    }

    function hasCode(address account) internal view returns (bool) {
        uint256 size;
        assembly {
            size := extcodesize(account)
        }
        return size > 0;
    }

    function extensionFor() internal view returns (address extension) {
        // every selector is served by the extension which was registered for it
        require(msg.data.length >= 4, "unknown function");
        extension = extensionOf[msg.sig];
        require(extension != address(0), "unknown function");
        require(hasCode(extension), "extension has no code");
    }

    function() external {
        address extension = extensionFor();
        (bool ok, bytes memory answer) = extension.delegatecall(msg.data);
        require(ok, "extension failed");
        assembly {
            return(add(answer, 32), mload(answer))
        }
    }
}
