pragma solidity ^0.5.17;

/**
 * Registry of court dockets. Clerks file and seal them; the presiding judge
 * names the clerks.
 */
contract Court {
    address public judge;
    mapping(address => bool) public clerks;

    event ClerkNamed(address indexed clerk);
    event ClerkDismissed(address indexed clerk);

    constructor() public {
        judge = msg.sender;
    }

    modifier byJudge() {
        require(_actor() == judge, "judge only");
        _;
    }

    modifier byClerk() {
        require(clerks[_actor()], "clerks only");
        _;
    }

    function nameClerk(address clerk) external byJudge {
        require(clerk != address(0), "zero");
        clerks[clerk] = true;
        emit ClerkNamed(clerk);
    }

    function dismissClerk(address clerk) external byJudge {
        require(clerks[clerk], "not a clerk");
        clerks[clerk] = false;
        emit ClerkDismissed(clerk);
    }

    function _actor() internal view returns (address) {
        return msg.sender;
    }
}

contract DocketRegistry is Court {
    struct Docket {
        bytes32 contentHash;
        address clerk;
        uint64 filedAt;
        bool isSealed;
    }

    mapping(bytes32 => Docket) private dockets;

    event Filed(bytes32 indexed number, bytes32 contentHash, address indexed clerk);
    event Amended(bytes32 indexed number, bytes32 contentHash);
    event Sealed(bytes32 indexed number);

    function file(bytes32 number, bytes32 contentHash) external byClerk {
        require(contentHash != bytes32(0), "empty");
        require(dockets[number].filedAt == 0, "filed already");
        dockets[number] = Docket(contentHash, _actor(), uint64(now), false);
        emit Filed(number, contentHash, _actor());
    }

    function amend(bytes32 number, bytes32 contentHash) external byClerk {
        Docket storage docket = dockets[number];
        require(contentHash != bytes32(0), "empty");
        require(docket.filedAt != 0 && !docket.isSealed, "not open");
        docket.contentHash = contentHash;
        emit Amended(number, contentHash);
    }

    function seal(bytes32 number) external byClerk {
        Docket storage docket = dockets[number];
        require(docket.filedAt != 0 && !docket.isSealed, "not open");
        docket.isSealed = true;
        emit Sealed(number);
    }

    function lookUp(bytes32 number) external view returns (bytes32, address, uint64, bool) {
        Docket storage docket = dockets[number];
        return (docket.contentHash, docket.clerk, docket.filedAt, docket.isSealed);
    }
}
