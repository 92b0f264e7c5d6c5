// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

/// What an invariant test tells its runner: whom to call, with what, and as whom. The runner reads the functions without
/// arguments.
abstract contract StdInvariant {
    struct FuzzSelector { address addr; bytes4[] selectors; }
    struct FuzzArtifactSelector { string artifact; bytes4[] selectors; }
    struct FuzzInterface { address addr; string[] artifacts; }

    address[] private _targetedContracts;
    address[] private _excludedContracts;
    address[] private _targetedSenders;
    address[] private _excludedSenders;
    string[] private _targetedArtifacts;
    string[] private _excludedArtifacts;
    FuzzSelector[] private _targetedSelectors;
    FuzzSelector[] private _excludedSelectors;
    FuzzArtifactSelector[] private _targetedArtifactSelectors;
    FuzzInterface[] private _targetedInterfaces;

    function targetContract(address newTarget) internal { _targetedContracts.push(newTarget); }
    function excludeContract(address newExcluded) internal { _excludedContracts.push(newExcluded); }
    function targetSender(address newTarget) internal { _targetedSenders.push(newTarget); }
    function excludeSender(address newExcluded) internal { _excludedSenders.push(newExcluded); }
    function targetArtifact(string memory newTarget) internal { _targetedArtifacts.push(newTarget); }
    function excludeArtifact(string memory newExcluded) internal { _excludedArtifacts.push(newExcluded); }
    function targetSelector(FuzzSelector memory newTarget) internal { _targetedSelectors.push(newTarget); }
    function excludeSelector(FuzzSelector memory newExcluded) internal { _excludedSelectors.push(newExcluded); }
    function targetInterface(FuzzInterface memory newTarget) internal { _targetedInterfaces.push(newTarget); }

    function targetArtifactSelector(FuzzArtifactSelector memory newTarget) internal {
        _targetedArtifactSelectors.push(newTarget);
    }

    function targetContracts() public view returns (address[] memory) { return _targetedContracts; }
    function excludeContracts() public view returns (address[] memory) { return _excludedContracts; }
    function targetSenders() public view returns (address[] memory) { return _targetedSenders; }
    function excludeSenders() public view returns (address[] memory) { return _excludedSenders; }
    function targetArtifacts() public view returns (string[] memory) { return _targetedArtifacts; }
    function excludeArtifacts() public view returns (string[] memory) { return _excludedArtifacts; }
    function targetSelectors() public view returns (FuzzSelector[] memory) { return _targetedSelectors; }
    function excludeSelectors() public view returns (FuzzSelector[] memory) { return _excludedSelectors; }
    function targetInterfaces() public view returns (FuzzInterface[] memory) { return _targetedInterfaces; }

    function targetArtifactSelectors() public view returns (FuzzArtifactSelector[] memory) {
        return _targetedArtifactSelectors;
    }
}
