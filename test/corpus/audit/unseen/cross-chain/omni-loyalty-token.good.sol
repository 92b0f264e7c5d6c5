// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface ILayerEndpoint {
    function send(
        uint16 dstChainId,
        bytes calldata path,
        bytes calldata payload,
        address payable refundAddress,
        address zroPayer,
        bytes calldata adapterParams
    ) external payable;
}

interface ILayerReceiver {
    function lzReceive(uint16 srcChainId, bytes calldata srcPath, uint64 nonce, bytes calldata payload) external;
}

abstract contract Ownable2Step {
    address public owner;
    address public pendingOwner;

    event OwnershipTransferStarted(address indexed from, address indexed to);
    event OwnershipTransferred(address indexed from, address indexed to);

    error NotOwner();
    error NotPendingOwner();

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    constructor() {
        owner = msg.sender;
        emit OwnershipTransferred(address(0), msg.sender);
    }

    function transferOwnership(address newOwner) external onlyOwner {
        pendingOwner = newOwner;
        emit OwnershipTransferStarted(owner, newOwner);
    }

    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner();
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        pendingOwner = address(0);
    }
}
/// @title OmniLoyalty
/// @notice Loyalty points that are burnt on one chain and minted on another.
contract OmniLoyalty is Ownable2Step, ILayerReceiver {
    string public constant name = "Omni Loyalty";
    string public constant symbol = "OLP";
    uint8 public constant decimals = 18;

    ILayerEndpoint public immutable endpoint;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    /// @dev chain id => remote address ++ local address
    mapping(uint16 => bytes) public trustedPath;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event TrustedPathSet(uint16 indexed chainId, address remote);
    event SentToChain(uint16 indexed chainId, address indexed from, address to, uint256 amount);
    event ReceivedFromChain(uint16 indexed chainId, address indexed to, uint256 amount, uint64 nonce);

    error ZeroAddress();
    error NotEndpoint();
    error UntrustedPath();

    constructor(ILayerEndpoint endpoint_, uint256 initialSupply) {
        if (address(endpoint_) == address(0)) revert ZeroAddress();
        endpoint = endpoint_;
        totalSupply = initialSupply;
        balanceOf[msg.sender] = initialSupply;
        emit Transfer(address(0), msg.sender, initialSupply);
    }

    function setTrustedRemote(uint16 chainId, address remote) external onlyOwner {
        if (remote == address(0)) revert ZeroAddress();
        trustedPath[chainId] = abi.encodePacked(remote, address(this));
        emit TrustedPathSet(chainId, remote);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        _transfer(from, to, amount);
        return true;
    }

    /// @notice Burn here and have the same amount minted on another chain. The fee is paid in ether.
    function sendToChain(uint16 chainId, address to, uint256 amount, bytes calldata adapterParams) external payable {
        if (to == address(0)) revert ZeroAddress();
        bytes memory path = trustedPath[chainId];
        if (path.length == 0) revert UntrustedPath();
        balanceOf[msg.sender] -= amount;
        totalSupply -= amount;
        emit Transfer(msg.sender, address(0), amount);
        emit SentToChain(chainId, msg.sender, to, amount);
        endpoint.send{value: msg.value}(
            chainId, path, abi.encode(to, amount), payable(msg.sender), address(0), adapterParams
        );
    }

    /// @notice Called by the endpoint with a message of another chain.
    function lzReceive(uint16 srcChainId, bytes calldata srcPath, uint64 nonce, bytes calldata payload)
        external
        override
    {
        if (msg.sender != address(endpoint)) revert NotEndpoint();
        bytes memory path = trustedPath[srcChainId];
        if (path.length == 0 || srcPath.length != path.length || keccak256(srcPath) != keccak256(path)) {
            revert UntrustedPath();
        }
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
        emit ReceivedFromChain(srcChainId, to, amount, nonce);
    }

    function _transfer(address from, address to, uint256 amount) private {
        if (to == address(0)) revert ZeroAddress();
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}
