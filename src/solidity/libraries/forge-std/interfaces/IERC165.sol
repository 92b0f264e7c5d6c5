// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

/// ERC-165: which interfaces a contract has.
interface IERC165 {
    function supportsInterface(bytes4 interfaceID) external view returns (bool);
}
