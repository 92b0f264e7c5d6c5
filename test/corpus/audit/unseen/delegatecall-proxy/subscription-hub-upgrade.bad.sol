// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
/// @notice ERC-1967 proxy whose admin alone may upgrade.
contract HubProxy {
    bytes32 private constant IMPLEMENTATION_SLOT = bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1);
    bytes32 private constant ADMIN_SLOT = bytes32(uint256(keccak256("eip1967.proxy.admin")) - 1);

    event Upgraded(address indexed implementation);
    event AdminChanged(address previousAdmin, address newAdmin);

    error NotAdmin();
    error NotContract();

    constructor(address implementation, address admin, bytes memory data) {
        if (admin == address(0)) revert NotAdmin();
        _store(ADMIN_SLOT, admin);
        emit AdminChanged(address(0), admin);
        _upgrade(implementation, data);
    }

    function upgradeToAndCall(address implementation, bytes calldata data) external {
        if (msg.sender != _load(ADMIN_SLOT)) revert NotAdmin();
        _upgrade(implementation, data);
    }

    fallback() external payable {
        address implementation = _load(IMPLEMENTATION_SLOT);
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), implementation, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }

    function _upgrade(address implementation, bytes memory data) private {
        if (implementation.code.length == 0) revert NotContract();
        _store(IMPLEMENTATION_SLOT, implementation);
        emit Upgraded(implementation);
        if (data.length != 0) {
            (bool ok, bytes memory ret) = implementation.delegatecall(data);
            if (!ok) {
                assembly {
                    revert(add(ret, 32), mload(ret))
                }
            }
        }
    }

    function _load(bytes32 slot) private view returns (address value) {
        assembly {
            value := sload(slot)
        }
    }

    function _store(bytes32 slot, address value) private {
        assembly {
            sstore(slot, value)
        }
    }
}

abstract contract Versioned {
    uint64 private _version;

    event Initialized(uint64 version);

    error AlreadyInitialized();

    /// @dev Each version sets itself up once, in the call that upgrades to it.
    modifier setup(uint64 version) {
        if (_version >= version) revert AlreadyInitialized();
        _version = version;
        _;
        emit Initialized(version);
    }

    function _disable() internal {
        _version = type(uint64).max;
    }
}

abstract contract SubscriptionHubV1 is Versioned {
    IERC20 public currency;
    address public manager;
    uint256 public monthlyPrice;
    mapping(address => uint256) public paidUntil;
    uint256[46] private __gap;

    event MonthlyPriceSet(uint256 price);
    event Subscribed(address indexed account, uint256 months, uint256 paidUntil);

    error NotManager();
    error ZeroAddress();
    error BadMonths();
    error PaymentFailed();

    modifier onlyManager() {
        if (msg.sender != manager) revert NotManager();
        _;
    }

    function initialize(IERC20 currency_, address manager_, uint256 monthlyPrice_) external setup(1) {
        if (address(currency_) == address(0) || manager_ == address(0)) revert ZeroAddress();
        currency = currency_;
        manager = manager_;
        monthlyPrice = monthlyPrice_;
    }

    function setMonthlyPrice(uint256 price) external onlyManager {
        monthlyPrice = price;
        emit MonthlyPriceSet(price);
    }

    function _extend(address account, uint256 months) internal {
        if (months == 0 || months > 36) revert BadMonths();
        uint256 from = paidUntil[account] > block.timestamp ? paidUntil[account] : block.timestamp;
        paidUntil[account] = from + months * 30 days;
        emit Subscribed(account, months, paidUntil[account]);
    }
}

/// @notice The second version shares the takings with an affiliate treasury.
contract SubscriptionHubV2 is SubscriptionHubV1 {
    uint256 public constant MAX_SHARE_BPS = 3_000;

    address public treasury;
    address public affiliates;
    uint256 public shareBps;

    error ShareTooHigh();
    error PriceAboveLimit();

    constructor() {
        _disable();
    }

    function initializeV2(address treasury_, address affiliates_, uint256 shareBps_) external { // <-- delegatecall-proxy
        if (treasury_ == address(0) || affiliates_ == address(0)) revert ZeroAddress();
        if (shareBps_ > MAX_SHARE_BPS) revert ShareTooHigh();
        treasury = treasury_;
        affiliates = affiliates_;
        shareBps = shareBps_;
    }

    function subscribe(uint256 months, uint256 maxCost) external {
        uint256 cost = monthlyPrice * months;
        if (cost > maxCost) revert PriceAboveLimit();
        _extend(msg.sender, months);
        uint256 share = (cost * shareBps) / 10_000;
        if (!currency.transferFrom(msg.sender, affiliates, share)) revert PaymentFailed();
        if (!currency.transferFrom(msg.sender, treasury, cost - share)) revert PaymentFailed();
    }
}
