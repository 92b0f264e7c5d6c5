// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

interface IFerryToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/**
 * @title Ferry for one token, run by a group of boatmen
 * Tokens are locked here and handed out again when enough boatmen agree that
 * they were given back on the far side.
 */
contract TokenFerry {
    IFerryToken public token;
    address public founder;
    uint256 public quorum;
    uint256 public boatmanCount;
    uint256 public trips;

    mapping(address => bool) public boatmen;
    mapping(bytes32 => uint256) public votes;
    mapping(bytes32 => mapping(address => bool)) public voted;
    mapping(bytes32 => bool) public landed;

    event Boarded(uint256 indexed trip, address indexed from, bytes32 farAddress, uint256 amount);
    event Voted(bytes32 indexed id, address indexed boatman, uint256 votes);
    event Landed(bytes32 indexed id, address indexed to, uint256 amount);
    event BoatmanAdded(address indexed boatman);

    modifier onlyBoatman() {
        require(boatmen[msg.sender], "not a boatman");
        _;
    }

    constructor(IFerryToken _token, uint256 _quorum) public {
        require(address(_token) != address(0), "token");
        require(_quorum >= 2, "quorum");
        token = _token;
        quorum = _quorum;
        founder = msg.sender;
    }

    function addBoatman(address boatman) external {
        require(msg.sender == founder, "not the founder");
        require(boatman != address(0) && !boatmen[boatman], "boatman");
        require(boatmanCount < 2 * quorum - 1, "quorum would be no majority");
        boatmen[boatman] = true;
        boatmanCount += 1;
        emit BoatmanAdded(boatman);
    }

    function board(bytes32 farAddress, uint256 amount) external {
        require(amount > 0 && farAddress != bytes32(0), "passenger");
        trips += 1;
        emit Boarded(trips, msg.sender, farAddress, amount);
        require(token.transferFrom(msg.sender, address(this), amount), "token");
    }

    function land(uint256 farTrip, address to, uint256 amount) external onlyBoatman {
        require(to != address(0) && amount > 0, "passenger");
        bytes32 id = landingId(farTrip, to, amount);
        require(!landed[id], "landed");
        require(!voted[id][msg.sender], "voted");
        voted[id][msg.sender] = true;
        votes[id] += 1;
        emit Voted(id, msg.sender, votes[id]);
        if (votes[id] == quorum) {
            landed[id] = true;
            emit Landed(id, to, amount);
            require(token.transfer(to, amount), "token");
        }
    }

    /// Sends a landing again whose tokens did not arrive.
    function landAgain(uint256 farTrip, address to, uint256 amount) external onlyBoatman { // <-- cross-chain
        bytes32 id = landingId(farTrip, to, amount);
        require(votes[id] >= quorum, "too few votes");
        landed[id] = true;
        emit Landed(id, to, amount);
        require(token.transfer(to, amount), "token");
    }

    function landingId(uint256 farTrip, address to, uint256 amount) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), farTrip, to, amount));
    }
}
