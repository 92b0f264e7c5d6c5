pragma solidity ^0.5.17;

library Signatures {
    function signerOf(bytes32 digest, bytes memory signature) internal pure returns (address) {
        require(signature.length == 65, "signature length");
        bytes32 r;
        bytes32 s;
        uint8 v;
        assembly {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
            v := byte(0, mload(add(signature, 0x60)))
        }
        require(uint256(s) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, "signature s");
        require(v == 27 || v == 28, "signature v");
        address signer = ecrecover(keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", digest)), v, r, s);
        require(signer != address(0), "signature");
        return signer;
    }
}

/**
 * @dev The canteen's clerk signs meal vouchers off-chain, employees present
 * them here and are paid from the employer's float.
 */
contract MealVouchers {
    using Signatures for bytes32;

    uint256 public constant MAX_VOUCHER = 0.5 ether;

    address payable public employer;
    address payable public nextEmployer;
    address public clerk;
    mapping(bytes32 => bool) public redeemed;

    event EmployerProposed(address indexed who);
    event EmployerChanged(address indexed who);
    event ClerkChanged(address indexed from, address indexed to);
    event FloatRaised(uint256 amount);
    event FloatLowered(uint256 amount);
    event Redeemed(address indexed employee, uint256 amount, uint256 number);

    modifier onlyEmployer() {
        require(msg.sender == employer, "employer only");
        _;
    }

    constructor(address _clerk) public payable {
        require(_clerk != address(0), "clerk");
        employer = msg.sender;
        clerk = _clerk;
        emit ClerkChanged(address(0), _clerk);
    }

    function proposeEmployer(address payable who) external onlyEmployer {
        require(who != address(0), "zero");
        nextEmployer = who;
        emit EmployerProposed(who);
    }

    function acceptEmployer() external {
        require(msg.sender == nextEmployer, "not proposed");
        employer = nextEmployer;
        nextEmployer = address(0);
        emit EmployerChanged(employer);
    }

    function setClerk(address to) external onlyEmployer {
        require(to != address(0), "clerk");
        emit ClerkChanged(clerk, to);
        clerk = to;
    }

    function raiseFloat() external payable onlyEmployer {
        require(msg.value > 0, "nothing sent");
        emit FloatRaised(msg.value);
    }

    function lowerFloat(uint256 amount) external onlyEmployer {
        require(amount > 0 && amount <= address(this).balance, "amount");
        emit FloatLowered(amount);
        employer.transfer(amount);
    }

    function redeem(uint256 amount, uint256 number, uint256 validUntil, bytes calldata signature) external {
        require(amount > 0 && amount <= MAX_VOUCHER, "amount");
        require(amount <= address(this).balance, "float is empty");
        require(now <= validUntil, "voucher expired");

        bytes32 digest = keccak256(abi.encode(address(this), chainId(), msg.sender, amount, number, validUntil));
        require(!redeemed[digest], "redeemed before");
        require(digest.signerOf(signature) == clerk, "not signed by the clerk");
        redeemed[digest] = true;

        emit Redeemed(msg.sender, amount, number);
        msg.sender.transfer(amount);
    }

    function chainId() private view returns (uint256 id) {
        assembly {
            id := chainid()
        }
    }
}
