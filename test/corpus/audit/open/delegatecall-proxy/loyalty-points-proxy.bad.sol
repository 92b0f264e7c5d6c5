// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Logic of the loyalty scheme; runs behind LoyaltyProxy.
contract LoyaltyPoints {
    address public shopkeeper;
    uint256 public totalPoints;
    mapping(address => uint256) public pointsOf;
    bool private ready;

    event Awarded(address indexed customer, uint256 points);
    event Redeemed(address indexed customer, uint256 points);

    constructor() {
        ready = true;
    }

    modifier onlyShopkeeper() {
        require(msg.sender == shopkeeper, "not shopkeeper");
        _;
    }

    function open(address keeper) external {
        require(!ready, "opened");
        require(keeper != address(0), "keeper");
        ready = true;
        shopkeeper = keeper;
    }

    function award(address customer, uint256 points) external onlyShopkeeper {
        require(customer != address(0), "customer");
        totalPoints += points;
        pointsOf[customer] += points;
        emit Awarded(customer, points);
    }

    function redeem(uint256 points) external {
        uint256 have = pointsOf[msg.sender];
        require(have >= points, "too few points");
        pointsOf[msg.sender] = have - points;
        totalPoints -= points;
        emit Redeemed(msg.sender, points);
    }
}

/// @notice Keeps the state of the scheme and forwards everything else.
contract LoyaltyProxy {
    address internal logic; // <-- delegatecall-proxy
    address internal governor; // <-- delegatecall-proxy

    event Upgraded(address indexed logic);

    constructor(address firstLogic, address keeper) {
        require(firstLogic.code.length > 0, "logic");
        logic = firstLogic;
        governor = msg.sender;
        (bool ok, ) = firstLogic.delegatecall(abi.encodeCall(LoyaltyPoints.open, (keeper)));
        require(ok, "open failed");
    }

    function proxyUpgrade(address nextLogic) external {
        require(msg.sender == governor, "not governor");
        require(nextLogic.code.length > 0, "logic");
        logic = nextLogic;
        emit Upgraded(nextLogic);
    }

    function proxyLogic() external view returns (address) {
        return logic;
    }

    fallback() external {
        address target = logic;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), target, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok
            case 0 {
                revert(0, returndatasize())
            }
            default {
                return(0, returndatasize())
            }
        }
    }
}
