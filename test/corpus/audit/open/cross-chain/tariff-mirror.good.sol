// SPDX-License-Identifier: MIT
pragma solidity ^0.8.23;

interface IXReceiver {
    function xReceive(
        bytes32 transferId,
        uint256 amount,
        address asset,
        address originSender,
        uint32 origin,
        bytes calldata callData
    ) external returns (bytes memory);
}

interface IConnext {
    function xcall(
        uint32 destination,
        address to,
        address asset,
        address delegate,
        uint256 amount,
        uint256 slippage,
        bytes calldata callData
    ) external payable returns (bytes32);
}

/// @title Mirrors the tariffs of the head office's chain, and asks it for changes
contract TariffMirror is IXReceiver {
    struct Tariff {
        uint128 perUnit;
        uint64 validFrom;
        uint64 version;
    }

    uint256 private constant MAX_TARIFF = 1e24;

    IConnext public immutable connext;
    uint32 public immutable headDomain;
    address public immutable headOffice;
    mapping(bytes32 => Tariff) public tariffs;
    mapping(address => uint256) public paidFor;
    address payable public immutable till;

    event TariffMirrored(bytes32 indexed good, uint128 perUnit, uint64 version);
    event ChangeAsked(bytes32 indexed good, address indexed by, bytes32 transferId);
    event Cleared(bytes32 indexed good, address indexed trader, uint256 units, uint256 duty);
    event TillEmptied(uint256 amount);

    error OnlyConnext(address caller);
    error NotHeadOffice(uint32 origin, address sender);
    error StaleVersion(uint64 have, uint64 got);
    error NoTariff(bytes32 good);
    error WrongDuty(uint256 expected);
    error BadSetup();

    constructor(IConnext connext_, uint32 headDomain_, address headOffice_, address payable till_) {
        if (address(connext_) == address(0) || headOffice_ == address(0) || till_ == address(0)) revert BadSetup();
        connext = connext_;
        headDomain = headDomain_;
        headOffice = headOffice_;
        till = till_;
    }

    function xReceive(
        bytes32,
        uint256,
        address,
        address originSender,
        uint32 origin,
        bytes calldata callData
    ) external returns (bytes memory) {
        if (msg.sender != address(connext)) revert OnlyConnext(msg.sender);
       if (origin != headDomain || originSender != headOffice) revert NotHeadOffice(origin, originSender);
        (bytes32 good, uint128 perUnit, uint64 version) = abi.decode(callData, (bytes32, uint128, uint64));
        _mirror(good, perUnit, version);
        return "";
    }

    function askForChange(bytes32 good, uint128 wish) external payable returns (bytes32 transferId) {
        if (tariffs[good].version == 0) revert NoTariff(good);
        bytes memory callData = abi.encode(good, wish, msg.sender);
        transferId = connext.xcall{value: msg.value}(headDomain, headOffice, address(0), msg.sender, 0, 0, callData);
        emit ChangeAsked(good, msg.sender, transferId);
    }

    function dutyOf(bytes32 good, uint256 units) public view returns (uint256) {
        Tariff storage tariff = tariffs[good];
        if (tariff.version == 0) revert NoTariff(good);
        return units * tariff.perUnit;
    }

    function clear(bytes32 good, uint256 units) external payable {
        uint256 duty = dutyOf(good, units);
        if (msg.value != duty) revert WrongDuty(duty);
        paidFor[msg.sender] += units;
        emit Cleared(good, msg.sender, units, duty);
    }

    function emptyTill() external {
        uint256 amount = address(this).balance;
        emit TillEmptied(amount);
        (bool ok, ) = till.call{value: amount}("");
        if (!ok) revert BadSetup();
    }

    function _mirror(bytes32 good, uint128 perUnit, uint64 version) private {
        Tariff storage tariff = tariffs[good];
        if (version <= tariff.version) revert StaleVersion(tariff.version, version);
        if (perUnit > MAX_TARIFF) revert NoTariff(good);
        tariff.perUnit = perUnit;
        tariff.version = version;
        tariff.validFrom = uint64(block.timestamp);
        emit TariffMirrored(good, perUnit, version);
    }
}
