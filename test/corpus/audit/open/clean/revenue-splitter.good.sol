// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

library Checked {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a, "Checked: add");
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "Checked: sub");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a * b;
        require(a == 0 || c / a == b, "Checked: mul");
        return c;
    }
}

interface IPlainToken {
    function balanceOf(address account) external view returns (uint256);
}

/**
 * @title Splitter of revenue
 * @dev Ether that comes in by whatever way (payments, mined blocks, forced
 * transfers) is income and can be released to the partners by their parts.
 * All books are kept by the place of a partner, not by his address.
 */
contract RevenueSplitter {
    using Checked for uint256;

    struct Partner {
        address payable payee;
        address payable successor;
        uint256 parts;
        uint256 released;
    }

    uint256 public constant MAX_PARTNERS = 30;

    address public notary;
    uint256 public totalParts;
    uint256 public totalReleased;
    bool public sealedForever;
    bool private inside;

    Partner[] private partners;
    mapping(address => bool) private known;
    mapping(address => mapping(uint256 => uint256)) private tokenReleased;
    mapping(address => uint256) private tokenReleasedTotal;

    event PartnerAdded(uint256 indexed place, address indexed payee, uint256 parts);
    event Sealed(uint256 totalParts);
    event Income(address indexed from, uint256 amount);
    event Released(uint256 indexed place, address indexed payee, uint256 amount);
    event TokenReleased(address indexed token, uint256 indexed place, uint256 amount);
    event SuccessorNamed(uint256 indexed place, address indexed successor);
    event Succeeded(uint256 indexed place, address indexed previous, address indexed payee);

    modifier onlyNotary() {
        require(msg.sender == notary, "not the notary");
        _;
    }

    modifier whenSealed() {
        require(sealedForever, "not sealed");
        _;
    }

    modifier exclusive() {
        require(!inside, "inside");
        inside = true;
        _;
        inside = false;
    }

    constructor() public {
        notary = msg.sender;
    }

    function() external payable {
        emit Income(msg.sender, msg.value);
    }

    function addPartner(address payable payee, uint256 parts) external onlyNotary {
        require(!sealedForever, "sealed");
        require(payee != address(0) && payee != address(this), "payee");
        require(parts > 0 && parts <= 1000000, "parts");
        require(!known[payee], "payee known");
        require(partners.length < MAX_PARTNERS, "too many");
        known[payee] = true;
        partners.push(Partner(payee, address(0), parts, 0));
        totalParts = totalParts.add(parts);
        emit PartnerAdded(partners.length - 1, payee, parts);
    }

    /// After this the notary has no more power at all.
    function seal() external onlyNotary {
        require(totalParts > 0, "no partners");
        sealedForever = true;
        notary = address(0);
        emit Sealed(totalParts);
    }

    /// Everybody may start the payment, but it goes to the partner only.
    function release(uint256 place) external whenSealed exclusive {
        uint256 amount = releasable(place);
        require(amount > 0, "nothing due");
        Partner storage p = partners[place];
        p.released = p.released.add(amount);
        totalReleased = totalReleased.add(amount);
        emit Released(place, p.payee, amount);
        (bool ok, ) = p.payee.call.value(amount)("");
        require(ok, "payment failed");
    }

    /// One partner that refuses the money does not keep it from the others.
    function releaseAll() external whenSealed exclusive {
        uint256 count = partners.length;
        for (uint256 i = 0; i < count; i++) {
            uint256 amount = releasable(i);
            if (amount == 0) {
                continue;
            }
            Partner storage p = partners[i];
            p.released = p.released.add(amount);
            totalReleased = totalReleased.add(amount);
            if (p.payee.send(amount)) {
                emit Released(i, p.payee, amount);
            } else {
                p.released = p.released.sub(amount);
                totalReleased = totalReleased.sub(amount);
            }
        }
    }

    function releaseToken(IPlainToken token, uint256 place) external whenSealed exclusive {
        Partner storage p = partners[place];
        uint256 income = token.balanceOf(address(this)).add(tokenReleasedTotal[address(token)]);
        uint256 share = income.mul(p.parts) / totalParts;
        uint256 amount = share.sub(tokenReleased[address(token)][place]);
        require(amount > 0, "nothing due");
        tokenReleased[address(token)][place] = share;
        tokenReleasedTotal[address(token)] = tokenReleasedTotal[address(token)].add(amount);
        emit TokenReleased(address(token), place, amount);
        _pushToken(address(token), p.payee, amount);
    }

    function nameSuccessor(uint256 place, address payable successor) external {
        require(partners[place].payee == msg.sender, "not your place");
        partners[place].successor = successor;
        emit SuccessorNamed(place, successor);
    }

    function succeed(uint256 place) external {
        Partner storage p = partners[place];
        require(p.successor == msg.sender, "not named");
        require(!known[msg.sender], "payee known");
        known[p.payee] = false;
        known[msg.sender] = true;
        emit Succeeded(place, p.payee, msg.sender);
        p.payee = msg.sender;
        p.successor = address(0);
    }

    function releasable(uint256 place) public view returns (uint256) {
        Partner storage p = partners[place];
        uint256 income = address(this).balance.add(totalReleased);
        return (income.mul(p.parts) / totalParts).sub(p.released);
    }

    function partnerInfo(uint256 place) external view returns (address, uint256, uint256) {
        Partner storage p = partners[place];
        return (p.payee, p.parts, p.released);
    }

    function partnerCount() external view returns (uint256) {
        return partners.length;
    }

    function _pushToken(address token, address to, uint256 amount) private {
        (bool ok, bytes memory answer) =
            token.call(abi.encodeWithSignature("transfer(address,uint256)", to, amount));
        require(ok && (answer.length == 0 || abi.decode(answer, (bool))), "token transfer failed");
    }
}
