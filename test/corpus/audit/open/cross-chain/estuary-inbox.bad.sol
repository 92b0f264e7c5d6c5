// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.7.6;

library Branch {
    /// @return the root of a tree in which a leaf stands at an index
    function root(bytes32 leaf, bytes32[32] memory siblings, uint256 index) internal pure returns (bytes32) {
        bytes32 current = leaf;
        for (uint256 i = 0; i < 32; i++) {
            if ((index >> i) & 1 == 1) {
                current = keccak256(abi.encodePacked(siblings[i], current));
            } else {
                current = keccak256(abi.encodePacked(current, siblings[i]));
            }
        }
        return current;
    }
}

interface IEstuaryApp {
    function handle(uint32 origin, bytes32 sender, bytes calldata body) external;
}

/// @title Messages from the home chain, proved against roots that an updater has attested
contract EstuaryInbox {
    uint32 public immutable homeDomain;
    uint32 public immutable localDomain;
    uint256 public immutable optimisticSeconds;
    address public immutable updater;
    address public immutable watcher;

    bytes32 public committedRoot;
    bool public halted;
    mapping(bytes32 => uint256) public confirmAt;
    mapping(bytes32 => bytes32) public provenUnder;
    mapping(bytes32 => bool) public processed;
    uint256 private entered = 1;

    event RootUpdated(bytes32 indexed oldRoot, bytes32 indexed newRoot, uint256 confirmAt);
    event Proven(bytes32 indexed leaf, bytes32 indexed root);
    event Processed(bytes32 indexed leaf, address indexed recipient);
    event Halted(address indexed watcher);

    constructor(uint32 home, uint32 local, bytes32 root, uint256 wait, address updater_, address watcher_) {
        require(updater_ != address(0) && watcher_ != address(0), "zero");
        require(wait >= 10 minutes, "wait");
        homeDomain = home;
        localDomain = local;
        optimisticSeconds = wait;
        updater = updater_;
        watcher = watcher_;
        committedRoot = root;
        confirmAt[root] = 1;
    }

    function update(bytes32 oldRoot, bytes32 newRoot) external {
        require(msg.sender == updater, "updater");
        require(!halted, "halted");
        require(oldRoot == committedRoot, "old root");
        require(newRoot != bytes32(0) && confirmAt[newRoot] == 0, "new root");
        confirmAt[newRoot] = block.timestamp + optimisticSeconds;
        committedRoot = newRoot;
        emit RootUpdated(oldRoot, newRoot, confirmAt[newRoot]);
    }

    function halt() external {
        require(msg.sender == watcher, "watcher");
        halted = true;
        emit Halted(msg.sender);
    }

    function usable(bytes32 root) public view returns (bool) {
        uint256 at = confirmAt[root];
        return at != 0 && block.timestamp >= at;
    }

    function prove(bytes32 leaf, bytes32[32] calldata siblings, uint256 index) external {
        require(!processed[leaf], "processed");
        bytes32 root = Branch.root(leaf, siblings, index);
        require(usable(root), "root");
        provenUnder[leaf] = root;
        emit Proven(leaf, root);
    }

    function process(
        uint32 destination,
        uint256 nonce,
        bytes32 sender,
        address recipient,
        bytes calldata body
    ) external {
        require(entered == 1, "entered");
        entered = 2;
        require(!halted, "halted");
        require(destination == localDomain, "destination");
        bytes32 leaf = keccak256(abi.encode(homeDomain, destination, nonce, sender, recipient, body));
        require(!processed[leaf], "processed");
       require(usable(provenUnder[leaf]), "not proven"); // <-- cross-chain
        processed[leaf] = true;
        emit Processed(leaf, recipient);
        IEstuaryApp(recipient).handle(homeDomain, sender, body);
        entered = 1;
    }
}
