// SPDX-License-Identifier: MIT
pragma solidity ^0.8.18;

interface IFarm {
    function harvest(address to) external returns (uint256);
}

interface IAsset {
    function transfer(address to, uint256 amount) external returns (bool);

    function balanceOf(address who) external view returns (uint256);
}

abstract contract Crew {
    mapping(address => bool) private _crew;
    address private _captain;

    event CrewSet(address indexed who, bool enabled);
    event CaptainChanged(address indexed next);

    error NotCrew(address who);
    error NotCaptain(address who);
    error NoAddress();

    constructor(address captain) {
        _setCaptain(captain);
    }

    function setCrew(address who, bool enabled) external {
        _checkCaptain();
        if (who == address(0)) revert NoAddress();
        _crew[who] = enabled;
        emit CrewSet(who, enabled);
    }

    function changeCaptain(address next) external {
        _checkCaptain();
        _setCaptain(next);
    }

    function _checkCaptain() internal view {
        if (msg.sender != _captain) revert NotCaptain(msg.sender);
    }

    function _checkCrew() internal view {
        if (!_crew[msg.sender] && msg.sender != _captain) revert NotCrew(msg.sender);
    }

    function _setCaptain(address next) private {
        if (next == address(0)) revert NoAddress();
        _captain = next;
        emit CaptainChanged(next);
    }
}

/// @title Harvests farms for a cooperative and keeps the crop until it is sold
contract HarvestKeeper is Crew {
    IAsset public immutable crop;
    address public immutable market;
    uint256 public harvested;
    mapping(address => bool) public farms;

    event FarmSet(address indexed farm, bool listed);
    event Harvested(address indexed farm, uint256 amount);
    event Sold(uint256 amount);
    event Poked(address indexed farm);

    error UnknownFarm(address farm);
    error CallFailed();
    error NothingThere();

    constructor(IAsset crop_, address market_, address captain) Crew(captain) {
        if (address(crop_) == address(0) || market_ == address(0)) revert NoAddress();
        crop = crop_;
        market = market_;
    }

    function setFarm(address farm, bool listed) external {
        _checkCaptain();
        if (farm.code.length == 0 || farm == address(crop)) revert UnknownFarm(farm);
        farms[farm] = listed;
        emit FarmSet(farm, listed);
    }

    /// @notice Anybody may start a harvest, the crop comes here.
    function harvest(address farm) external {
        if (!farms[farm]) revert UnknownFarm(farm);
        uint256 amount = IFarm(farm).harvest(address(this));
        harvested += amount;
        emit Harvested(farm, amount);
    }

    /// @notice Some farms want a call of their own before they pay out.
    function poke(address farm, bytes4 what, address who, uint256 value) external {
        _known(farm);
        (bool ok, ) = farm.call(abi.encodeWithSelector(what, who, value)); // <-- arbitrary-call
        if (!ok) revert CallFailed();
        emit Poked(farm);
    }

    /// @notice Bring all of the crop to the market.
    function bring() external {
        _checkCrew();
        uint256 amount = crop.balanceOf(address(this));
        if (amount == 0) revert NothingThere();
        emit Sold(amount);
        if (!crop.transfer(market, amount)) revert CallFailed();
    }

    function _known(address farm) internal view returns (bool) {
        return farms[farm];
    }
}
