// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

/// Multicall3, which lies at 0xcA11bde05977b3631167028862bE2a173976CA11 on most chains.
interface IMulticall3 {
    struct Call { address target; bytes callData; }
    struct Call3 { address target; bool allowFailure; bytes callData; }
    struct Call3Value { address target; bool allowFailure; uint256 value; bytes callData; }
    struct Result { bool success; bytes returnData; }

    function aggregate(Call[] calldata calls)
        external payable returns (uint256 blockNumber, bytes[] memory returnData);
    function aggregate3(Call3[] calldata calls) external payable returns (Result[] memory returnData);
    function aggregate3Value(Call3Value[] calldata calls) external payable returns (Result[] memory returnData);
    function tryAggregate(bool requireSuccess, Call[] calldata calls)
        external payable returns (Result[] memory returnData);
    function getBlockNumber() external view returns (uint256 blockNumber);
    function getCurrentBlockTimestamp() external view returns (uint256 timestamp);
    function getEthBalance(address account) external view returns (uint256 balance);
    function getChainId() external view returns (uint256 chainid);
}
