// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

/// @notice Deposits for parking permits. Runs behind ParkingPermitProxy.
contract ParkingPermits {
    uint256 public constant DEPOSIT = 0.1 ether;

    mapping(address => bool) public holds;
    uint256 public holders;

    event PermitIssued(address indexed driver);
    event PermitReturned(address indexed driver);

    function acquire() external payable {
        require(msg.value == DEPOSIT, "deposit");
        require(!holds[msg.sender], "holds one");
        holds[msg.sender] = true;
        holders += 1;
        emit PermitIssued(msg.sender);
    }

    /// @notice Gives the permit back and pays the deposit to `to`.
    function withdraw(address payable to) external {
        require(to != address(0), "to");
        require(holds[msg.sender], "holds none");
        holds[msg.sender] = false;
        holders -= 1;
        emit PermitReturned(msg.sender);
        (bool ok, ) = to.call{value: DEPOSIT}("");
        require(ok, "refund failed");
    }
}

contract ParkingPermitProxy {
    address private immutable municipality;
    address private immutable logic;

    event SurplusTaken(address indexed to, uint256 amount);

    constructor(address logic_) {
        require(logic_.code.length > 0, "logic");
        municipality = msg.sender;
        logic = logic_;
    }

    modifier onlyMunicipality() {
        require(msg.sender == municipality, "not municipality");
        _;
    }

    /// @notice Takes ether that was sent by mistake, never the deposits.
    function withdraw(address payable to) external onlyMunicipality { // <-- delegatecall-proxy
        require(to != address(0), "to");
        (bool read, bytes memory answer) = logic.delegatecall(abi.encodeWithSignature("holders()"));
        require(read && answer.length == 32, "holders");
        uint256 kept = abi.decode(answer, (uint256)) * 0.1 ether;
        uint256 surplus = address(this).balance - kept;
        emit SurplusTaken(to, surplus);
        (bool ok, ) = to.call{value: surplus}("");
        require(ok, "transfer failed");
    }

    receive() external payable {}

    fallback() external payable {
        address target = logic;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), target, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if iszero(ok) {
                revert(0, returndatasize())
            }
            return(0, returndatasize())
        }
    }
}
