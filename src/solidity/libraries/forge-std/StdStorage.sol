// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {Vm} from "./Vm.sol";

/// Which getter of which contract is meant; filled by `target`, `sig` and `with_key`, emptied by every use.
struct StdStorage {
    bytes32[] _keys;
    bytes4 _sig;
    uint256 _depth;
    address _target;
}

/// Finds the storage slot that a getter reads, by calling it and seeing which slot changes its answer.
library stdStorageSafe {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    event SlotFound(address who, bytes4 fsig, bytes32 keysHash, uint256 slot);

    function target(StdStorage storage self, address target_) internal returns (StdStorage storage) {
        self._target = target_;
        return self;
    }

    function sig(StdStorage storage self, bytes4 sig_) internal returns (StdStorage storage) {
        self._sig = sig_;
        return self;
    }

    function sig(StdStorage storage self, string memory sig_) internal returns (StdStorage storage) {
        self._sig = sigs(sig_);
        return self;
    }

    function sigs(string memory sigStr) internal pure returns (bytes4) {
        return bytes4(keccak256(bytes(sigStr)));
    }

    function with_key(StdStorage storage self, address who) internal returns (StdStorage storage) {
        self._keys.push(bytes32(uint256(uint160(who))));
        return self;
    }

    function with_key(StdStorage storage self, uint256 amount) internal returns (StdStorage storage) {
        self._keys.push(bytes32(amount));
        return self;
    }

    function with_key(StdStorage storage self, bytes32 key) internal returns (StdStorage storage) {
        self._keys.push(key);
        return self;
    }

    /// Which of the words is meant that the getter returns, from 0.
    function depth(StdStorage storage self, uint256 depth_) internal returns (StdStorage storage) {
        self._depth = depth_;
        return self;
    }

    /// @return slot the only slot that the getter's answer comes from; values that share a slot are not found
    function find(StdStorage storage self) internal returns (uint256 slot) {
        (bool found, bytes32 which) = _search(self);
        require(found, "stdStorage find(StdStorage): Slot(s) not found.");
        emit SlotFound(self._target, self._sig, keccak256(abi.encodePacked(self._keys)), uint256(which));
        clear(self);
        return uint256(which);
    }

    function read_bytes32(StdStorage storage self) internal returns (bytes32) {
        address from = self._target;
        return vm.load(from, bytes32(find(self)));
    }

    function read_bool(StdStorage storage self) internal returns (bool) {
        uint256 value = read_uint(self);
        require(value <= 1, "stdStorage read_bool(StdStorage): Cannot decode. Make sure you are reading a bool.");
        return value == 1;
    }

    function read_address(StdStorage storage self) internal returns (address) {
        return address(uint160(read_uint(self)));
    }

    function read_uint(StdStorage storage self) internal returns (uint256) {
        return uint256(read_bytes32(self));
    }

    function read_int(StdStorage storage self) internal returns (int256) {
        return int256(read_uint(self));
    }

    function clear(StdStorage storage self) internal {
        delete self._target;
        delete self._sig;
        delete self._keys;
        delete self._depth;
    }

    /// @return ok whether the call was answered
    /// @return answer the word of it that is meant
    function ask(StdStorage storage self) internal view returns (bool ok, bytes32 answer) {
        bytes memory data = abi.encodePacked(self._sig, self._keys);
        (bool success, bytes memory result) = self._target.staticcall(data);
        uint256 offset = 32 * self._depth;
        if (!success || result.length < offset + 32) return (false, 0);
        assembly { answer := mload(add(add(result, 32), offset)) }
        return (true, answer);
    }

    function _search(StdStorage storage self) private returns (bool, bytes32) {
        address who = self._target;
        vm.record();
        (bool ok, bytes32 answer) = ask(self);
        if (!ok) return (false, 0);
        (bytes32[] memory reads,) = vm.accesses(who);
        for (uint256 i = reads.length; i > 0; i--) {
            bytes32 slot = reads[i - 1];
            bytes32 before = vm.load(who, slot);
            if (before != answer) continue;
            bytes32 probe = before == bytes32(uint256(1)) ? bytes32(0) : bytes32(uint256(1));
            vm.store(who, slot, probe);
            (bool stillOk, bytes32 changed) = ask(self);
            vm.store(who, slot, before);
            if (stillOk && changed == probe) return (true, slot);
        }
        return (false, 0);
    }
}

/// The same, and writing.
library stdStorage {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function target(StdStorage storage self, address target_) internal returns (StdStorage storage) {
        return stdStorageSafe.target(self, target_);
    }

    function sig(StdStorage storage self, bytes4 sig_) internal returns (StdStorage storage) {
        return stdStorageSafe.sig(self, sig_);
    }

    function sig(StdStorage storage self, string memory sig_) internal returns (StdStorage storage) {
        return stdStorageSafe.sig(self, sig_);
    }

    function sigs(string memory sigStr) internal pure returns (bytes4) {
        return stdStorageSafe.sigs(sigStr);
    }

    function with_key(StdStorage storage self, address who) internal returns (StdStorage storage) {
        return stdStorageSafe.with_key(self, who);
    }

    function with_key(StdStorage storage self, uint256 amount) internal returns (StdStorage storage) {
        return stdStorageSafe.with_key(self, amount);
    }

    function with_key(StdStorage storage self, bytes32 key) internal returns (StdStorage storage) {
        return stdStorageSafe.with_key(self, key);
    }

    function depth(StdStorage storage self, uint256 depth_) internal returns (StdStorage storage) {
        return stdStorageSafe.depth(self, depth_);
    }

    function find(StdStorage storage self) internal returns (uint256) {
        return stdStorageSafe.find(self);
    }

    function clear(StdStorage storage self) internal {
        stdStorageSafe.clear(self);
    }

    function checked_write(StdStorage storage self, address who) internal {
        checked_write(self, bytes32(uint256(uint160(who))));
    }

    function checked_write(StdStorage storage self, uint256 amount) internal {
        checked_write(self, bytes32(amount));
    }

    function checked_write_int(StdStorage storage self, int256 value) internal {
        checked_write(self, bytes32(uint256(value)));
    }

    function checked_write(StdStorage storage self, bool write) internal {
        checked_write(self, bytes32(uint256(write ? 1 : 0)));
    }

    /// Writes, and makes sure that the getter answers what was written; if it does not, nothing has changed.
    function checked_write(StdStorage storage self, bytes32 set) internal {
        address who = self._target;
        bytes4 fsig = self._sig;
        uint256 field = self._depth;
        bytes32[] memory keys = self._keys;
        bytes32 slot = bytes32(find(self));
        bytes32 before = vm.load(who, slot);
        vm.store(who, slot, set);
        (self._target, self._sig, self._depth) = (who, fsig, field);
        self._keys = keys;
        (bool ok, bytes32 answer) = stdStorageSafe.ask(self);
        clear(self);
        if (ok && answer == set) return;
        vm.store(who, slot, before);
        revert("stdStorage checked_write(StdStorage): Failed to write value.");
    }

    function read_bytes32(StdStorage storage self) internal returns (bytes32) {
        return stdStorageSafe.read_bytes32(self);
    }

    function read_bool(StdStorage storage self) internal returns (bool) {
        return stdStorageSafe.read_bool(self);
    }

    function read_address(StdStorage storage self) internal returns (address) {
        return stdStorageSafe.read_address(self);
    }

    function read_uint(StdStorage storage self) internal returns (uint256) {
        return stdStorageSafe.read_uint(self);
    }

    function read_int(StdStorage storage self) internal returns (int256) {
        return stdStorageSafe.read_int(self);
    }
}
