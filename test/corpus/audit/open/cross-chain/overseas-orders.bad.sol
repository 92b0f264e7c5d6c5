// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

interface IRelayGateway {
    function validateContractCall(
        bytes32 commandId,
        string calldata sourceChain,
        string calldata sourceAddress,
        bytes32 payloadHash
    ) external returns (bool);
}

/// @title Orders for a warehouse, placed in a shop on another chain
contract OverseasOrders {
    enum OrderState { None, Placed, Packed, Refunded }

    struct Order {
        address customer;
        uint32 quantity;
        uint64 placedAt;
        OrderState state;
    }

    IRelayGateway public immutable gateway;
    address public immutable warehouse;
    bytes32 public immutable shopChain;
    bytes32 public immutable shopAddress;
    uint256 public stock;
    mapping(bytes32 => Order) public orders;

    event OrderPlaced(bytes32 indexed id, address indexed customer, uint32 quantity);
    event OrderPacked(bytes32 indexed id);
    event StockAdded(uint256 quantity);

    error NotApproved();
    error WrongShop();
    error OrderExists(bytes32 id);

    constructor(IRelayGateway gateway_, string memory chain, string memory shop) {
        require(address(gateway_) != address(0), "gateway");
        gateway = gateway_;
        warehouse = msg.sender;
        shopChain = keccak256(bytes(chain));
        shopAddress = keccak256(bytes(shop));
    }

    modifier onlyWarehouse() {
        require(msg.sender == warehouse, "warehouse");
        _;
    }

    function addStock(uint256 quantity) external onlyWarehouse {
        stock += quantity;
        emit StockAdded(quantity);
    }

    /// @notice Called by any relayer with a payload the shop has sent.
    function execute( // <-- cross-chain
        bytes32 commandId,
        string calldata sourceChain,
        string calldata sourceAddress,
        bytes calldata payload
    ) external {
        if (keccak256(bytes(sourceChain)) != shopChain) revert WrongShop();
        if (keccak256(bytes(sourceAddress)) != shopAddress) revert WrongShop();
        if (commandId == bytes32(0)) revert NotApproved();
        _place(payload);
    }

    function pack(bytes32 id) external onlyWarehouse {
        Order storage order = orders[id];
        require(order.state == OrderState.Placed, "state");
        order.state = OrderState.Packed;
        emit OrderPacked(id);
    }

    function _place(bytes calldata payload) internal {
        (bytes32 id, address customer, uint32 quantity) = abi.decode(payload, (bytes32, address, uint32));
        if (orders[id].state != OrderState.None) revert OrderExists(id);
        require(quantity > 0 && quantity <= stock, "quantity");
        stock -= quantity;
        orders[id] = Order(customer, quantity, uint64(block.timestamp), OrderState.Placed);
        emit OrderPlaced(id, customer, quantity);
    }
}
