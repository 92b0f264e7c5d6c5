// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

struct UserOperation {
    address sender;
    uint256 nonce;
    bytes initCode;
    bytes callData;
    uint256 callGasLimit;
    uint256 verificationGasLimit;
    uint256 preVerificationGas;
    uint256 maxFeePerGas;
    uint256 maxPriorityFeePerGas;
    bytes paymasterAndData;
    bytes signature;
}

library Sig {
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @return the signer, or zero when the signature is malformed
    function signerOf(bytes32 digest, bytes calldata sig) internal pure returns (address) {
        if (sig.length != 65) return address(0);
        bytes32 s = bytes32(sig[32:64]);
        if (uint256(s) > HALF_ORDER) return address(0);
        return ecrecover(digest, uint8(sig[64]), bytes32(sig[0:32]), s);
    }
}

/// @title GuardianWallet
/// @notice ERC-4337 wallet of one owner. A guardian may be named to replace a lost key.
contract GuardianWallet {
    using Sig for bytes32;

    uint256 private constant SIG_FAILED = 1;
    uint256 public constant MAX_BATCH = 20;

    address public immutable entryPoint;
    address public owner;
    /// @dev optional
    address public guardian;
    uint256 public recoveryNonce;

    event OwnerChanged(address indexed previous, address indexed current);
    event GuardianChanged(address indexed guardian);
    event Executed(address indexed target, uint256 value);
    event Received(address indexed from, uint256 value);

    error NotAuthorized();
    error ZeroAddress();
    error Expired();
    error LengthMismatch();
    error PrefundFailed();

    modifier onlyOwnerOrEntryPoint() {
        if (msg.sender != owner && msg.sender != entryPoint) revert NotAuthorized();
        _;
    }

    modifier onlySelf() {
        if (msg.sender != address(this)) revert NotAuthorized();
        _;
    }

    constructor(address entryPoint_, address owner_) {
        if (entryPoint_ == address(0) || owner_ == address(0)) revert ZeroAddress();
        entryPoint = entryPoint_;
        owner = owner_;
        emit OwnerChanged(address(0), owner_);
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    /// @notice Name the guardian, zero for none. Called by the wallet itself through `execute`.
    function setGuardian(address guardian_) external onlySelf {
        guardian = guardian_;
        emit GuardianChanged(guardian_);
    }

    function validateUserOp(UserOperation calldata op, bytes32 opHash, uint256 missingFunds)
        external
        returns (uint256 validationData)
    {
        if (msg.sender != entryPoint) revert NotAuthorized();
        bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", opHash));
        address signer = digest.signerOf(op.signature);
        if (signer == address(0) || signer != owner) validationData = SIG_FAILED;
        if (missingFunds != 0) {
            (bool ok, ) = entryPoint.call{value: missingFunds}("");
            if (!ok) revert PrefundFailed();
        }
    }

    function execute(address target, uint256 value, bytes calldata data) external onlyOwnerOrEntryPoint {
        _execute(target, value, data);
    }

    function executeBatch(address[] calldata targets, uint256[] calldata values, bytes[] calldata data)
        external
        onlyOwnerOrEntryPoint
    {
        if (targets.length != values.length || targets.length != data.length) revert LengthMismatch();
        if (targets.length > MAX_BATCH) revert LengthMismatch();
        for (uint256 i; i < targets.length; ++i) {
            _execute(targets[i], values[i], data[i]);
        }
    }

    /// @notice Replace the owner with the consent of the guardian.
    function recover(address newOwner, uint256 deadline, bytes calldata sig) external {
        if (newOwner == address(0)) revert ZeroAddress();
        if (block.timestamp > deadline) revert Expired();
        bytes32 structHash = keccak256(
            abi.encode("GuardianWallet.recover", block.chainid, address(this), newOwner, recoveryNonce++, deadline)
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", structHash));
        if (digest.signerOf(sig) != guardian) revert NotAuthorized(); // <-- signature
        emit OwnerChanged(owner, newOwner);
        owner = newOwner;
    }

    function _execute(address target, uint256 value, bytes calldata data) private {
        emit Executed(target, value);
        (bool ok, bytes memory ret) = target.call{value: value}(data);
        if (!ok) {
            assembly {
                revert(add(ret, 32), mload(ret))
            }
        }
    }
}
