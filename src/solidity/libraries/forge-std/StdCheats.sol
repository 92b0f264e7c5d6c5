// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {StdStorage, stdStorage} from "./StdStorage.sol";
import {Vm} from "./Vm.sol";

/// Helpers for scripts and tests.
abstract contract StdCheatsSafe {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant UINT_MAX = 2 ** 256 - 1;
    bool private _isMeteringOff;

    enum AddressType { Payable, NonPayable, ZeroAddress, Precompile, ForgeAddress }

    struct Account { address addr; uint256 key; }

    /// Leaves the test out of the gas that is measured.
    modifier noGasMetering() {
        vm.pauseGasMetering();
        bool isOutermost = !_isMeteringOff;
        _isMeteringOff = true;
        _;
        if (isOutermost) {
            _isMeteringOff = false;
            vm.resumeGasMetering();
        }
    }

    modifier skipWhenForking() {
        if (!isFork()) {
            _;
        }
    }

    modifier skipWhenNotForking() {
        if (isFork()) {
            _;
        }
    }

    function isFork() internal view virtual returns (bool status) {
        try vm.activeFork() returns (uint256) {
            status = true;
        } catch (bytes memory) {}
    }

    /// The same name gives the same address everywhere, and the address bears the name in traces.
    function makeAddrAndKey(string memory name) internal virtual returns (address addr, uint256 privateKey) {
        privateKey = uint256(keccak256(abi.encodePacked(name)));
        addr = vm.addr(privateKey);
        vm.label(addr, name);
    }

    function makeAddr(string memory name) internal virtual returns (address addr) {
        (addr,) = makeAddrAndKey(name);
    }

    function makeAccount(string memory name) internal virtual returns (Account memory account) {
        (account.addr, account.key) = makeAddrAndKey(name);
    }

    function deriveRememberKey(string memory mnemonic, uint32 index)
        internal virtual returns (address who, uint256 privateKey)
    {
        privateKey = vm.deriveKey(mnemonic, index);
        who = vm.rememberKey(privateKey);
    }

    /// Deploys a compiled contract by its name, such as `Token.sol:Token`.
    function deployCode(string memory what) internal virtual returns (address) {
        return _create(vm.getCode(what), 0);
    }

    function deployCode(string memory what, bytes memory args) internal virtual returns (address) {
        return _create(abi.encodePacked(vm.getCode(what), args), 0);
    }

    function deployCode(string memory what, uint256 val) internal virtual returns (address) {
        return _create(vm.getCode(what), val);
    }

    function deployCode(string memory what, bytes memory args, uint256 val) internal virtual returns (address) {
        return _create(abi.encodePacked(vm.getCode(what), args), val);
    }

    function assumeNotZeroAddress(address addr) internal pure virtual {
        vm.assume(addr != address(0));
    }

    function assumeNotPrecompile(address addr) internal pure virtual {
        // Up to EIP-2537, P256VERIFY of RIP-7212 included.
        vm.assume(addr > address(0x11) || addr == address(0));
        vm.assume(addr != address(0x100));
    }

    function assumeNotPrecompile(address addr, uint256) internal pure virtual {
        assumeNotPrecompile(addr);
    }

    /// Neither the cheatcodes nor the console nor the deterministic deployer.
    function assumeNotForgeAddress(address addr) internal pure virtual {
        vm.assume(
            addr != address(vm) && addr != 0x000000000000000000636F6e736F6c652e6c6f67
                && addr != 0x4e59b44847b379578588920cA78FbF26c0B4956C
        );
    }

    function assumePayable(address addr) internal virtual {
        vm.assume(_isPayable(addr));
    }

    function assumeNotPayable(address addr) internal virtual {
        vm.assume(!_isPayable(addr));
    }

    function assumeUnusedAddress(address addr) internal view virtual {
        uint256 size;
        assembly { size := extcodesize(addr) }
        vm.assume(size == 0);
        assumeNotPrecompile(addr);
        assumeNotZeroAddress(addr);
        assumeNotForgeAddress(addr);
    }

    function assumeAddressIsNot(address addr, AddressType kind) internal virtual {
        if (kind == AddressType.Payable) assumeNotPayable(addr);
        else if (kind == AddressType.NonPayable) assumePayable(addr);
        else if (kind == AddressType.ZeroAddress) assumeNotZeroAddress(addr);
        else if (kind == AddressType.Precompile) assumeNotPrecompile(addr);
        else assumeNotForgeAddress(addr);
    }

    function assumeAddressIsNot(address addr, AddressType kind1, AddressType kind2) internal virtual {
        assumeAddressIsNot(addr, kind1);
        assumeAddressIsNot(addr, kind2);
    }

    function assumeAddressIsNot(address addr, AddressType kind1, AddressType kind2, AddressType kind3)
        internal virtual
    {
        assumeAddressIsNot(addr, kind1, kind2);
        assumeAddressIsNot(addr, kind3);
    }

    function assumeAddressIsNot(
        address addr, AddressType kind1, AddressType kind2, AddressType kind3, AddressType kind4
    ) internal virtual {
        assumeAddressIsNot(addr, kind1, kind2);
        assumeAddressIsNot(addr, kind3, kind4);
    }

    function _create(bytes memory code, uint256 value) private returns (address made) {
        assembly { made := create(value, add(code, 32), mload(code)) }
        require(made != address(0), "StdCheats deployCode: the deployment failed");
    }

    /// Sends one wei and takes the state back, whatever came of it.
    function _isPayable(address addr) private returns (bool isPayable) {
        require(addr.balance < UINT_MAX, "StdCheats: the balance is too high to be added to");
        uint256 snapshot = vm.snapshotState();
        vm.deal(address(this), 1);
        (isPayable,) = payable(addr).call{value: 1}("");
        vm.revertToState(snapshot);
    }
}

/// Helpers that only a test may use.
abstract contract StdCheats is StdCheatsSafe {
    using stdStorage for StdStorage;

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    StdStorage private stdstore;

    function skip(uint256 time) internal virtual {
        vm.warp(block.timestamp + time);
    }

    function rewind(uint256 time) internal virtual {
        vm.warp(block.timestamp - time);
    }

    /// The next call comes from `msgSender`, who has plenty of ether.
    function hoax(address msgSender) internal virtual {
        hoax(msgSender, 1 << 128);
    }

    function hoax(address msgSender, uint256 give) internal virtual {
        vm.deal(msgSender, give);
        vm.prank(msgSender);
    }

    function hoax(address msgSender, address origin) internal virtual {
        hoax(msgSender, origin, 1 << 128);
    }

    function hoax(address msgSender, address origin, uint256 give) internal virtual {
        vm.deal(msgSender, give);
        vm.prank(msgSender, origin);
    }

    function startHoax(address msgSender) internal virtual {
        startHoax(msgSender, 1 << 128);
    }

    function startHoax(address msgSender, uint256 give) internal virtual {
        vm.deal(msgSender, give);
        vm.startPrank(msgSender);
    }

    function startHoax(address msgSender, address origin) internal virtual {
        startHoax(msgSender, origin, 1 << 128);
    }

    function startHoax(address msgSender, address origin, uint256 give) internal virtual {
        vm.deal(msgSender, give);
        vm.startPrank(msgSender, origin);
    }

    function changePrank(address msgSender) internal virtual {
        vm.stopPrank();
        vm.startPrank(msgSender);
    }

    function changePrank(address msgSender, address txOrigin) internal virtual {
        vm.stopPrank();
        vm.startPrank(msgSender, txOrigin);
    }

    function deal(address to, uint256 give) internal virtual {
        vm.deal(to, give);
    }

    function deal(address token, address to, uint256 give) internal virtual {
        deal(token, to, give, false);
    }

    /// Sets a balance of an ERC-20 token; with `adjust` what is in circulation changes along.
    function deal(address token, address to, uint256 give, bool adjust) internal virtual {
        uint256 before = _read(token, abi.encodeWithSignature("balanceOf(address)", to));
        stdstore.target(token).sig("balanceOf(address)").with_key(to).checked_write(give);
        if (adjust) _adjustSupply(token, abi.encodeWithSignature("totalSupply()"), before, give);
    }

    function dealERC1155(address token, address to, uint256 id, uint256 give) internal virtual {
        dealERC1155(token, to, id, give, false);
    }

    function dealERC1155(address token, address to, uint256 id, uint256 give, bool adjust) internal virtual {
        uint256 before = _read(token, abi.encodeWithSignature("balanceOf(address,uint256)", to, id));
        stdstore.target(token).sig("balanceOf(address,uint256)").with_key(to).with_key(id).checked_write(give);
        if (adjust) _adjustSupply(token, abi.encodeWithSignature("totalSupply(uint256)", id), before, give);
    }

    /// Makes `to` the owner of a token of an ERC-721 contract that exists already.
    function dealERC721(address token, address to, uint256 id) internal virtual {
        address from = address(uint160(_read(token, abi.encodeWithSignature("ownerOf(uint256)", id))));
        uint256 fromBalance = _read(token, abi.encodeWithSignature("balanceOf(address)", from));
        stdstore.target(token).sig("balanceOf(address)").with_key(from).checked_write(fromBalance - 1);
        uint256 toBalance = _read(token, abi.encodeWithSignature("balanceOf(address)", to));
        stdstore.target(token).sig("balanceOf(address)").with_key(to).checked_write(toBalance + 1);
        stdstore.target(token).sig("ownerOf(uint256)").with_key(id).checked_write(to);
    }

    function destroyAccount(address who, address beneficiary) internal virtual {
        uint256 left = who.balance;
        vm.etch(who, "");
        vm.deal(who, 0);
        vm.resetNonce(who);
        vm.deal(beneficiary, beneficiary.balance + left);
    }

    /// Deploys a compiled contract by its name to a given address: its constructor runs there.
    function deployCodeTo(string memory what, address where) internal virtual {
        deployCodeTo(what, "", 0, where);
    }

    function deployCodeTo(string memory what, bytes memory args, address where) internal virtual {
        deployCodeTo(what, args, 0, where);
    }

    function deployCodeTo(string memory what, bytes memory args, uint256 value, address where) internal virtual {
        vm.etch(where, abi.encodePacked(vm.getCode(what), args));
        (bool success, bytes memory runtimeBytecode) = where.call{value: value}("");
        require(success, "StdCheats deployCodeTo: the constructor failed");
        vm.etch(where, runtimeBytecode);
    }

    function _adjustSupply(address token, bytes memory getter, uint256 before, uint256 give) private {
        uint256 supply = _read(token, getter);
        supply = give < before ? supply - (before - give) : supply + (give - before);
        bytes4 selector;
        assembly { selector := mload(add(getter, 32)) }
        stdstore.target(token).sig(selector);
        for (uint256 offset = 36; offset <= getter.length; offset += 32) {
            bytes32 key;
            assembly { key := mload(add(getter, offset)) }
            stdstore.with_key(key);
        }
        stdstore.checked_write(supply);
    }

    function _read(address token, bytes memory getter) private view returns (uint256) {
        (bool success, bytes memory answer) = token.staticcall(getter);
        require(success && answer.length >= 32, "StdCheats deal: the token does not answer");
        return abi.decode(answer, (uint256));
    }
}
