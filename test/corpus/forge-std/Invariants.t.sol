// SPDX-License-Identifier: MIT
pragma solidity >=0.8.13 <0.9.0;

import {CommonBase} from "forge-std/Base.sol";
import {StdCheats} from "forge-std/StdCheats.sol";
import {StdInvariant} from "forge-std/StdInvariant.sol";
import {StdUtils} from "forge-std/StdUtils.sol";
import {console} from "forge-std/console.sol";
import "forge-std/Test.sol";

contract Weth {
    mapping(address => uint256) public balanceOf;
    uint256 public totalSupply;

    receive() external payable {
        balanceOf[msg.sender] += msg.value;
        totalSupply += msg.value;
    }

    function withdraw(uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        totalSupply -= amount;
        (bool ok,) = msg.sender.call{value: amount}("");
        require(ok);
    }
}

contract Handler is CommonBase, StdCheats, StdUtils {
    Weth public weth;
    uint256 public deposited;
    mapping(bytes32 => uint256) public calls;
    address[] internal actors;

    modifier counted(bytes32 key) {
        calls[key]++;
        _;
    }

    constructor(Weth weth_) {
        weth = weth_;
        actors.push(makeAddr("one"));
        vm.deal(address(this), 1_000 ether);
    }

    function deposit(uint256 amount, uint256 seed) public counted("deposit") {
        amount = bound(amount, 0, address(this).balance);
        address actor = actors[bound(seed, 0, actors.length - 1)];
        vm.deal(actor, amount);
        vm.prank(actor);
        (bool ok,) = address(weth).call{value: amount}("");
        require(ok);
        deposited += amount;
    }

    function summary() external view {
        console.log("deposits", calls["deposit"]);
    }
}

contract WethInvariants is Test {
    Weth internal weth;
    Handler internal handler;

    function setUp() public {
        weth = new Weth();
        handler = new Handler(weth);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = Handler.deposit.selector;
        targetSelector(FuzzSelector({addr: address(handler), selectors: selectors}));
        targetContract(address(handler));
        excludeSender(address(weth));
    }

    function invariant_Solvent() public view {
        assertGe(address(weth).balance, weth.totalSupply());
    }

    function afterInvariant() public view {
        handler.summary();
    }
}
