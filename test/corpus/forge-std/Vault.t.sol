// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Test, console2, stdError, Vm} from "forge-std/Test.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

contract Token is ERC20 {
    constructor() ERC20("Token", "T") {
        _mint(msg.sender, 1_000 ether);
    }
}

contract Vault {
    error NotEnough(uint256 wanted, uint256 held);

    event Deposited(address indexed who, uint256 amount);

    IERC20 public immutable token;
    mapping(address => uint256) public shares;

    constructor(IERC20 token_) {
        token = token_;
    }

    function deposit(uint256 amount) external {
        token.transferFrom(msg.sender, address(this), amount);
        shares[msg.sender] += amount;
        emit Deposited(msg.sender, amount);
    }

    function withdraw(uint256 amount) external {
        if (shares[msg.sender] < amount) revert NotEnough(amount, shares[msg.sender]);
        shares[msg.sender] -= amount;
        token.transfer(msg.sender, amount);
    }
}

contract VaultTest is Test {
    event Deposited(address indexed who, uint256 amount);

    Token internal token;
    Vault internal vault;
    address internal alice = makeAddr("alice");
    uint256 internal bobKey;
    address internal bob;

    function setUp() public {
        (bob, bobKey) = makeAddrAndKey("bob");
        token = new Token();
        vault = new Vault(token);
        deal(address(token), alice, 100 ether);
        deal(address(token), bob, 1 ether, true);
        vm.prank(alice);
        token.approve(address(vault), type(uint256).max);
    }

    function test_Deposit() public {
        vm.expectEmit(true, false, false, true, address(vault));
        emit Deposited(alice, 5 ether);
        vm.prank(alice);
        vault.deposit(5 ether);
        assertEq(vault.shares(alice), 5 ether);
        assertEq(token.balanceOf(address(vault)), 5 ether, "vault balance");
    }

    function test_RevertWhen_NotEnough() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(Vault.NotEnough.selector, 1, 0));
        vault.withdraw(1);
        vm.expectPartialRevert(Vault.NotEnough.selector);
        vault.withdraw(2);
        vm.expectRevert();
        vault.withdraw(3);
        vm.stopPrank();
    }

    function test_Panics() public {
        vm.expectRevert(stdError.arithmeticError);
        this.subtract(1, 2);
    }

    function subtract(uint256 a, uint256 b) external pure returns (uint256) {
        return a - b;
    }

    function testFuzz_Deposit(uint256 amount, address who) public {
        vm.assume(who != address(0) && who != address(vault));
        assumeNotForgeAddress(who);
        amount = bound(amount, 1_000, 50 ether);
        deal(address(token), who, amount);
        vm.startPrank(who);
        token.approve(address(vault), amount);
        vault.deposit(amount);
        vm.stopPrank();
        assertGe(vault.shares(who), amount);
        assertApproxEqRel(vault.shares(who), amount + 1, 0.01e18);
        assertApproxEqAbs(vault.shares(who), amount + 1, 1, "off by more than one");
    }

    function test_Logs() public {
        vm.recordLogs();
        vm.prank(alice);
        vault.deposit(1);
        Vm.Log[] memory entries = vm.getRecordedLogs();
        assertEq(entries[entries.length - 1].topics[0], keccak256("Deposited(address,uint256)"));
        assertEq(address(uint160(uint256(entries[entries.length - 1].topics[1]))), alice);
        console2.log("deposited by %s", alice);
    }

    function test_Signature() public {
        bytes32 digest = keccak256("digest");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(bobKey, digest);
        assertEq(ecrecover(digest, v, r, s), bob);
        Vm.Wallet memory wallet = vm.createWallet("carol");
        (v, r, s) = vm.sign(wallet, digest);
        assertEq(ecrecover(digest, v, r, s), wallet.addr);
    }

    function test_Time() public {
        uint256 before = block.timestamp;
        skip(1 days);
        rewind(1 hours);
        vm.roll(block.number + 10);
        assertEq(block.timestamp, before + 23 hours);
        uint256 snapshot = vm.snapshotState();
        vm.warp(7);
        assertTrue(vm.revertToState(snapshot));
        assertNotEq(block.timestamp, 7);
    }

    function test_Mocks() public {
        vm.mockCall(address(token), abi.encodeCall(IERC20.balanceOf, (bob)), abi.encode(uint256(9)));
        vm.expectCall(address(token), abi.encodeCall(IERC20.balanceOf, (bob)));
        assertEq(token.balanceOf(bob), 9);
        vm.clearMockedCalls();
        vm.etch(address(0xBEEF), hex"60016000526001601ff3");
        vm.label(address(0xBEEF), "beef");
        vm.deal(bob, 3 ether);
        hoax(bob, 1 ether);
        assertEq(bob.balance, 1 ether);
    }

    function test_Lists() public pure {
        uint256[] memory left = new uint256[](2);
        uint256[] memory right = new uint256[](2);
        (left[0], right[0]) = (1, 1);
        assertEq(left, right);
        assertEq(left, right, "lists");
        assertEq(string("a"), "a");
        assertEq(bytes("a"), bytes("a"));
        assertEqDecimal(uint256(1500), 1500, 3);
    }
}
