// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {
    console, stdError, stdJson, stdMath, StdStorage, stdStorage, StdStyle, stdToml, Test
} from "forge-std/Test.sol";
import {VmSafe} from "forge-std/Vm.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

contract Nft is ERC721("Nft", "N") {
    constructor(address to) {
        _mint(to, 7);
    }
}

contract Coin is ERC20("Coin", "C") {}

contract Items is ERC1155("") {
    mapping(uint256 => uint256) public totalSupply;
}

contract Store {
    struct Pair {
        uint256 left;
        int256 right;
    }

    mapping(address => mapping(uint256 => uint256)) public nested;
    Pair public pair = Pair(1, -2);
    bool public flag;
    bytes32 public word = bytes32("word");
    uint256 public immutable limit;

    constructor(uint256 limit_) payable {
        limit = limit_;
    }

    receive() external payable {}
}

contract HelpersTest is Test {
    using stdStorage for StdStorage;
    using stdJson for string;

    function test_Storage() public {
        Store box = new Store(1);
        stdstore.target(address(box)).sig("nested(address,uint256)").with_key(address(3)).with_key(uint256(4))
            .checked_write(5);
        assertEq(box.nested(address(3), 4), 5);
        stdstore.target(address(box)).sig("pair()").depth(1).checked_write_int(-9);
        (uint256 left, int256 right) = box.pair();
        assertEq(left, 1);
        assertEq(right, -9);
        stdstore.target(address(box)).sig("flag()").checked_write(true);
        assertTrue(box.flag());
        assertEq(stdstore.target(address(box)).sig("word()").read_bytes32(), bytes32("word"));
        assertEq(stdstore.target(address(box)).sig("pair()").read_uint(), 1);
        vm.expectRevert();
        this.findNothing(address(box));
    }

    function findNothing(address box) external returns (uint256) {
        return stdstore.target(box).sig("limit()").find();
    }

    function test_Tokens() public {
        Coin coin = new Coin();
        deal(address(coin), address(5), 10);
        assertEq(coin.totalSupply(), 0);
        deal(address(coin), address(6), 20, true);
        deal(address(coin), address(6), 15, true);
        assertEq(coin.totalSupply(), 15);
        address[] memory owners = new address[](2);
        (owners[0], owners[1]) = (address(5), address(6));
        assertEq(getTokenBalances(address(coin), owners)[1], 15);

        Nft nft = new Nft(address(5));
        dealERC721(address(nft), address(6), 7);
        assertEq(nft.ownerOf(7), address(6));
        assertEq(nft.balanceOf(address(5)), 0);

        Items items = new Items();
        dealERC1155(address(items), address(5), 2, 30, true);
        assertEq(items.balanceOf(address(5), 2), 30);
        assertEq(items.totalSupply(2), 30);
    }

    function test_Accounts() public {
        Account memory carol = makeAccount("carol");
        assertEq(vm.addr(carol.key), carol.addr);
        hoax(carol.addr, address(8), 3 ether);
        (VmSafe.CallerMode mode, address sender, address origin) = vm.readCallers();
        assertEq(uint256(mode), uint256(VmSafe.CallerMode.Prank));
        assertEq(sender, carol.addr);
        assertEq(origin, address(8));
        vm.stopPrank();

        Store box = new Store{value: 1 ether}(1);
        destroyAccount(address(box), address(9));
        assertEq(address(box).code.length, 0);
        assertEq(address(9).balance, 1 ether);
        deployCodeTo("Helpers.t.sol:Store", abi.encode(uint256(77)), 2 ether, address(0xB0B));
        assertEq(Store(payable(address(0xB0B))).limit(), 77);
        Store fresh = Store(payable(deployCode("Helpers.t.sol:Store", abi.encode(uint256(78)), 1)));
        assertEq(fresh.limit(), 78);
        assumePayable(address(fresh));
        assumeNotPayable(address(vm));
        assumeUnusedAddress(address(0xABCDEF));
        assertFalse(isFork());
        assertEq(computeCreateAddress(address(this), vm.getNonce(address(this))), address(new Store(2)));
    }

    function test_Expectations() public {
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "assertion failed: 1 != 2"));
        this.compare(1, 2);
        vm.expectRevert(bytes("why"));
        this.failBecause("why");
        vm.expectRevert(stdError.indexOOBError);
        this.item(new uint256[](1), 1);
    }

    function compare(uint256 a, uint256 b) external pure {
        assertEq(a, b);
    }

    function failBecause(string calldata why) external pure {
        fail(why);
    }

    function item(uint256[] calldata list, uint256 index) external pure returns (uint256) {
        return list[index];
    }

    function test_Text() public {
        string memory json = vm.serializeUint("object", "n", 5);
        json = vm.serializeAddress("object", "a", address(1));
        assertEq(json.readUint(".n"), 5);
        assertEq(json.readUintOr(".none", 6), 6);
        assertEq(json.readAddress(".a"), address(1));
        assertEq(stdToml.readUint("n = 3", ".n"), 3);
        assertEq(vm.toString(uint256(12)), "12");
        console.log(StdStyle.red("red"), StdStyle.bold(uint256(1)));
        assertEq(getChain("anvil").chainId, 31337);
        assertEq(getChain(uint256(31337)).chainAlias, "anvil");
        assertEq(stdMath.percentDelta(uint256(90), 100), 0.1e18);
    }

    function test_Comparisons() public {
        assertEqCall(address(this), abi.encodeCall(this.compare, (1, 1)), abi.encodeCall(this.compare, (2, 2)));
        assertEqCall(
            address(this), abi.encodeCall(this.compare, (1, 2)), abi.encodeCall(this.compare, (3, 4)), false
        );
        assertNotEq(bytes("a"), bytes("b"));
        assertLtDecimal(int256(-2), -1, 18);
        assertFalse(failed());
    }

    function testFuzz_Bound(uint256 x, uint256 low, uint256 high, int256 y) public pure {
        if (low > high) (low, high) = (high, low);
        uint256 inside = bound(x, low, high);
        assertGe(inside, low);
        assertLe(inside, high);
        if (x >= low && x <= high) assertEq(inside, x);
        int256 signed = bound(y, -5, 5);
        assertTrue(signed >= -5 && signed <= 5);
        uint256 key = boundPrivateKey(x);
        vm.addr(key);
    }

    function test_GasMetering() public noGasMetering skipWhenForking {
        assertTrue(IS_TEST);
    }
}
