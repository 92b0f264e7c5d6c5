pragma solidity ^0.4.24;

interface Authority {
    function canCall(address src, address dst, bytes4 sig) external view returns (bool);
}

interface TokenReceiver {
    function tokenFallback(address from, uint256 amount, bytes data) external;
}

contract Guarded {
    Authority public authority;
    address public owner;

    event AuthoritySet(address indexed authority);
    event OwnerSet(address indexed owner);

    constructor() public {
        owner = msg.sender;
        emit OwnerSet(msg.sender);
    }

    function setOwner(address next) public auth {
        require(next != address(0), "zero owner");
        owner = next;
        emit OwnerSet(next);
    }

    function setAuthority(Authority next) public auth {
        authority = next;
        emit AuthoritySet(next);
    }

    modifier auth() {
        require(isAuthorized(msg.sender, msg.sig), "not authorised");
        _;
    }

    function isAuthorized(address src, bytes4 sig) internal view returns (bool) {
        if (src == address(this)) {
            return true;
        } else if (src == owner) {
            return true;
        } else if (authority == Authority(0)) {
            return false;
        } else {
            return authority.canCall(src, this, sig);
        }
    }
}

contract BeaconCoin is Guarded {
    string public constant name = "Beacon Coin";
    string public constant symbol = "BCN";
    uint8 public constant decimals = 18;
    uint256 public totalSupply;

    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Approval(address indexed holder, address indexed spender, uint256 amount);
    event TransferData(address indexed from, address indexed to, uint256 amount, bytes data);

    function mint(address to, uint256 amount) external auth {
        require(totalSupply + amount >= totalSupply, "supply");
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "reset first");
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        doTransfer(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        require(allowance[from][msg.sender] >= amount, "allowance");
        allowance[from][msg.sender] -= amount;
        doTransfer(from, to, amount);
        return true;
    }

    /// Moves coins to a contract and tells it about them in the same transaction.
   function transferAndTell(address to, uint256 amount, bytes data, string handler) external returns (bool) {
        doTransfer(msg.sender, to, amount);
        if (isContract(to)) {
           bytes4 selector = bytes4(keccak256(bytes(handler)));
           require(to.call(selector, msg.sender, amount, data), "handler"); // <-- arbitrary-call
        }
        emit TransferData(msg.sender, to, amount, data);
        return true;
    }

    function doTransfer(address from, address to, uint256 amount) internal {
        require(to != address(0), "zero");
        require(balanceOf[from] >= amount, "balance");
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }

    function isContract(address who) internal view returns (bool) {
        uint256 size;
        assembly {
            size := extcodesize(who)
        }
        return size > 0;
    }
}
