// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface ILanternReceiver {
    function onLantern(bytes calldata args, uint64 fromChain) external;
}

/// Who keeps watch; only its manager writes here.
contract KeeperBook {
    address public manager;
    mapping(address => bool) public isKeeper;
    uint256 public keeperCount;

    event KeepersReplaced(uint256 count, uint64 fromChain);

    constructor(address manager_, address[] memory keepers) public {
        manager = manager_;
        for (uint256 i = 0; i < keepers.length; i++) {
            require(keepers[i] != address(0) && !isKeeper[keepers[i]], "keeper");
            isKeeper[keepers[i]] = true;
        }
        keeperCount = keepers.length;
    }

    function addKeeper(bytes calldata args, uint64 fromChain) external {
        require(msg.sender == manager, "only manager");
        address keeper = abi.decode(args, (address));
        require(keeper != address(0) && !isKeeper[keeper], "keeper");
        isKeeper[keeper] = true;
        keeperCount += 1;
        emit KeepersReplaced(keeperCount, fromChain);
    }
}

/// @title Runs messages which two thirds of the keepers saw on another chain
contract LanternRelay {
    KeeperBook public immutable book;
    address public immutable admin;
    mapping(bytes32 => mapping(address => bool)) public sawIt;
    mapping(bytes32 => uint256) public sightings;
    mapping(bytes32 => bool) public done;
    mapping(address => bool) public receivers;

    event Seen(bytes32 indexed id, address indexed keeper);
    event Done(bytes32 indexed id, address indexed to);
    event Sent(uint64 indexed toChain, address indexed from, bytes to, bytes method, bytes args);
    event ReceiverSet(address indexed receiver, bool known);

    constructor(address[] memory keepers) public {
        require(keepers.length > 2, "keepers");
        book = new KeeperBook(address(this), keepers);
        admin = msg.sender;
    }

    function setReceiver(address receiver, bool known) external {
        require(msg.sender == admin, "only admin");
        require(receiver != address(book), "receiver");
        receivers[receiver] = known;
        emit ReceiverSet(receiver, known);
    }

    /// Anyone may send a message to a contract elsewhere; keepers carry it.
    function send(uint64 toChain, bytes calldata to, bytes calldata method, bytes calldata args) external {
        emit Sent(toChain, msg.sender, to, method, args);
    }

    function idOf(
        uint64 fromChain,
        uint256 nonce,
        address to,
        bytes memory method,
        bytes memory args
    ) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), fromChain, nonce, to, method, args));
    }

    function confirm(bytes32 id) external {
        require(book.isKeeper(msg.sender), "only keepers");
        require(!sawIt[id][msg.sender], "seen");
        sawIt[id][msg.sender] = true;
        sightings[id] += 1;
        emit Seen(id, msg.sender);
    }

    function deliver(
        uint64 fromChain,
        uint256 nonce,
        address to,
        bytes calldata method,
        bytes calldata args
    ) external {
        bytes32 id = idOf(fromChain, nonce, to, method, args);
        require(!done[id], "done");
        require(sightings[id] * 3 > book.keeperCount() * 2, "too few");
        done[id] = true;
        emit Done(id, to);
       bytes4 selector = bytes4(keccak256(abi.encodePacked(method, "(bytes,uint64)")));
       (bool ok, ) = to.call(abi.encodeWithSelector(selector, args, fromChain)); // <-- arbitrary-call
       require(ok, "call");
    }
}
