// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/// Points that guests of a hostel give to their hosts.
contract GuestBookPoints {
    struct Stay {
        address guest;
        address host;
        uint32 points;
        bool settled;
    }

    address public office;
    uint256 public stayCount;
    mapping(uint256 => Stay) public stays;
    mapping(address => uint256) public points;

    event Issued(address indexed guest, uint256 amount);
    event StayBooked(uint256 indexed id, address indexed guest, address indexed host);
    event Settled(uint256 indexed id, uint256 amount);

    modifier onlyOffice() {
        require(msg.sender == office, "only the office");
        _;
    }

    constructor() public {
        office = msg.sender;
    }

    function issue(address guest, uint32 amount) external onlyOffice {
        require(guest != address(0), "guest");
        points[guest] += amount;
        emit Issued(guest, amount);
    }

    function bookStay(address host, uint32 amount) external returns (uint256 id) {
        require(host != address(0) && host != msg.sender, "host");
        require(points[msg.sender] >= amount, "too few points");
        stayCount += 1;
        id = stayCount;
        stays[id] = Stay(msg.sender, host, amount, false);
        emit StayBooked(id, msg.sender, host);
    }

    /// The office confirms the stay; points go from the guest to the host.
    function settle(uint256 id) external onlyOffice {
        Stay storage stay = stays[id];
        require(stay.guest != address(0) && !stay.settled, "stay");
        stay.settled = true;
        _move(stay.host/*‮tsoh.yats ,*/, stay.guest/*tseug.yats*/, stay.points); // <-- language-trap
        emit Settled(id, stay.points);
    }

    function _move(address from, address to, uint256 amount) internal {
        require(points[from] >= amount, "too few points");
        points[from] -= amount;
        points[to] += amount;
    }

    function stayInfo(uint256 id) external view returns (address, address, uint32, bool) {
        Stay storage stay = stays[id];
        return (stay.guest, stay.host, stay.points, stay.settled);
    }
}
