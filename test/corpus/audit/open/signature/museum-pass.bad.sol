// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/// @title Passes to a museum; curators of single exhibitions sign the free ones
contract MuseumPass {
    struct Exhibition {
        uint256 price;
        uint256 endsAt;
        bool listed;
    }

    address public director;
    uint256 public exhibitionCount;
    mapping(uint256 => Exhibition) public exhibitions;
    mapping(uint256 => address) public curatorOf;
    mapping(uint256 => mapping(address => bool)) public hasPass;

    event Listed(uint256 indexed id, uint256 price, uint256 endsAt);
    event CuratorSet(uint256 indexed id, address indexed curator);
    event PassIssued(uint256 indexed id, address indexed visitor, bool free);
    event Collected(address indexed to, uint256 amount);

    modifier onlyDirector() {
        require(msg.sender == director, "director only");
        _;
    }

    modifier running(uint256 id) {
        require(exhibitions[id].listed, "no such exhibition");
        require(block.timestamp < exhibitions[id].endsAt, "it is over");
        _;
    }

    constructor() public {
        director = msg.sender;
    }

    function list(uint256 price, uint256 length) external onlyDirector returns (uint256 id) {
        require(price > 0 && length >= 1 days && length <= 365 days, "terms");
        exhibitionCount += 1;
        id = exhibitionCount;
        exhibitions[id] = Exhibition(price, block.timestamp + length, true);
        emit Listed(id, price, block.timestamp + length);
    }

    function setCurator(uint256 id, address curator) external onlyDirector running(id) {
        require(curator != address(0), "no curator");
        curatorOf[id] = curator;
        emit CuratorSet(id, curator);
    }

    function buyPass(uint256 id) external payable running(id) {
        require(msg.value == exhibitions[id].price, "wrong price");
        _issue(id, msg.sender, false);
    }

    /// @notice Fetch a free pass that the curator has signed for the caller.
    function fetchPass(uint256 id, uint8 v, bytes32 r, bytes32 s) external running(id) {
        bytes32 digest = _passDigest(id, msg.sender);
        require(_signer(digest, v, r, s) == curatorOf[id], "not signed by the curator");
        _issue(id, msg.sender, true);
    }

    function collect(address payable to) external onlyDirector {
        require(to != address(0), "no receiver");
        uint256 amount = address(this).balance;
        emit Collected(to, amount);
        to.transfer(amount);
    }

    function _issue(uint256 id, address visitor, bool free) private {
        require(!hasPass[id][visitor], "has a pass");
        hasPass[id][visitor] = true;
        emit PassIssued(id, visitor, free);
    }

    function _passDigest(uint256 id, address visitor) private view returns (bytes32) {
        bytes32 inner = keccak256(abi.encode(address(this), _chainId(), id, visitor));
        return keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", inner));
    }

    function _signer(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private pure returns (address signer) {
        require(v == 27 || v == 28, "bad v");
        require(uint256(s) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, "bad s");
        signer = ecrecover(digest, v, r, s); // <-- signature
    }

    function _chainId() private pure returns (uint256 id) {
        assembly {
            id := chainid()
        }
    }
}
