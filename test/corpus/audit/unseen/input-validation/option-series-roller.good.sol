// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
interface IOptionSeries {
    function collateral() external view returns (address);
    /// @dev Burns options of the holder; sends the released collateral to the operator who calls.
    function redeemFor(address holder, uint256 amount) external returns (uint256 released);
    /// @dev Pulls collateral from the caller and mints options to the holder.
    function mintFor(address holder, uint256 collateralIn) external returns (uint256 minted);
}

library TransferHelper {
    function pull(address token, address from, uint256 value) internal {
        require(token.code.length > 0, "TH: no code");
        (bool ok, bytes memory data) = token.call(
            abi.encodeWithSelector(IERC20.transferFrom.selector, from, address(this), value)
        );
        require(ok && (data.length == 0 || abi.decode(data, (bool))), "TH: pull failed");
    }

    function push(address token, address to, uint256 value) internal {
        require(token.code.length > 0, "TH: no code");
        (bool ok, bytes memory data) = token.call(abi.encodeWithSelector(IERC20.transfer.selector, to, value));
        require(ok && (data.length == 0 || abi.decode(data, (bool))), "TH: push failed");
    }
}
contract Governed {
    address public governor;
    address public nextGovernor;

    event GovernorProposed(address indexed candidate);
    event GovernorChanged(address indexed previous, address indexed current);

    modifier onlyGovernor() {
        require(msg.sender == governor, "not governor");
        _;
    }

    constructor() {
        governor = msg.sender;
        emit GovernorChanged(address(0), msg.sender);
    }

    function proposeGovernor(address candidate) external onlyGovernor {
        nextGovernor = candidate;
        emit GovernorProposed(candidate);
    }

    function acceptGovernor() external {
        require(msg.sender == nextGovernor, "not candidate");
        emit GovernorChanged(governor, msg.sender);
        governor = msg.sender;
        nextGovernor = address(0);
    }
}
/// @notice Rolls written options from an expiring series into a later one. A sponsor keeps a
/// float of collateral here, as some series settle a block later than they redeem.
contract SeriesRoller is Governed {
    using TransferHelper for address;

    address public immutable collateral;
    address public immutable sponsor;
    mapping(address => bool) public isSeries;
    uint256 private _locked = 1;

    event SeriesRegistered(address indexed series);
    event SeriesRemoved(address indexed series);
    event FloatAdded(uint256 amount);
    event FloatRemoved(uint256 amount);
    event Rolled(address indexed holder, address indexed from, address indexed to, uint256 amount, uint256 minted);

    modifier nonReentrant() {
        require(_locked == 1, "reentered");
        _locked = 2;
        _;
        _locked = 1;
    }

    modifier onlySponsor() {
        require(msg.sender == sponsor, "not sponsor");
        _;
    }

    constructor(address collateral_, address sponsor_) {
        require(collateral_ != address(0) && sponsor_ != address(0), "zero address");
        collateral = collateral_;
        sponsor = sponsor_;
    }

    function registerSeries(address series) external onlyGovernor {
        require(IOptionSeries(series).collateral() == collateral, "other collateral");
        isSeries[series] = true;
        emit SeriesRegistered(series);
    }

    function removeSeries(address series) external onlyGovernor {
        isSeries[series] = false;
        emit SeriesRemoved(series);
    }

    function addFloat(uint256 amount) external onlySponsor {
        collateral.pull(msg.sender, amount);
        emit FloatAdded(amount);
    }

    function removeFloat(uint256 amount) external onlySponsor {
        emit FloatRemoved(amount);
        collateral.push(sponsor, amount);
    }

    /// @notice Close a position in one series and open it in another.
    function roll(address fromSeries, address toSeries, uint256 amount, uint256 minMinted)
        external
        nonReentrant
        returns (uint256 minted)
    {
        require(amount > 0, "zero amount");
        require(isSeries[fromSeries] && isSeries[toSeries] && fromSeries != toSeries, "bad series");

        uint256 released = IOptionSeries(fromSeries).redeemFor(msg.sender, amount);
        require(released > 0, "nothing released");

        _approve(toSeries, released);
        minted = IOptionSeries(toSeries).mintFor(msg.sender, released);
        _approve(toSeries, 0);
        require(minted >= minMinted, "too few options");
        emit Rolled(msg.sender, fromSeries, toSeries, amount, minted);
    }

    function _approve(address spender, uint256 amount) private {
        require(IERC20(collateral).approve(spender, amount), "approve failed");
    }
}
