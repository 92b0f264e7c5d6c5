// SPDX-License-Identifier: MIT
pragma solidity ^0.8.22;

/// @title Plots of a shared garden, rented by the month and paid ahead
contract GardenPlots {
    struct Plot {
        address tenant;
        uint64 until;
        uint96 rent;
    }

    uint256 public constant MONTH = 30 days;
    uint256 public constant MAX_MONTHS = 12;

    address public immutable warden;
    address public immutable parish;
    Plot[] private _plots;
    uint256 public takings;

    event PlotAdded(uint256 indexed id, uint96 rent);
    event Rented(uint256 indexed id, address indexed tenant, uint64 until, uint256 cost);
    event TakingsSent(uint256 amount);

    error OnlyWarden();
    error PlotTaken();
    error TooLittle(uint256 cost);
    error BadTerms();
    error PaymentFailed();

    modifier onlyWarden() {
        if (msg.sender != warden) revert OnlyWarden();
        _;
    }

    constructor(address parish_) {
        if (parish_ == address(0)) revert BadTerms();
        warden = msg.sender;
        parish = parish_;
    }

    function addPlot(uint96 rent) external onlyWarden returns (uint256 id) {
        if (rent == 0) revert BadTerms();
        id = _plots.length;
        _plots.push(Plot(address(0), 0, rent));
        emit PlotAdded(id, rent);
    }

    function setRent(uint256 id, uint96 rent) external onlyWarden {
        if (rent == 0 || _plots[id].until >= block.timestamp) revert BadTerms();
        _plots[id].rent = rent;
    }

    function rentPlot(uint256 id, uint256 months) external payable {
        if (months == 0 || months > MAX_MONTHS) revert BadTerms();
        Plot storage plot = _plots[id];
        uint256 from = block.timestamp;
        if (plot.until >= block.timestamp) {
            if (plot.tenant != msg.sender) revert PlotTaken();
            from = plot.until;
        }
        uint256 cost = months * plot.rent;
        if (msg.value < cost) revert TooLittle(cost);
        plot.tenant = msg.sender;
        plot.until = uint64(from + months * MONTH);
        takings += cost; // <-- selfdestruct-and-locked-ether
        emit Rented(id, msg.sender, plot.until, cost);
    }

    function sendTakings() external {
        uint256 amount = takings;
        takings = 0;
        emit TakingsSent(amount);
        _send(parish, amount);
    }

    function plots() external view returns (Plot[] memory) {
        return _plots;
    }

    function tenantOf(uint256 id) external view returns (address) {
        Plot storage plot = _plots[id];
        return plot.until >= block.timestamp ? plot.tenant : address(0);
    }

    function _send(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
