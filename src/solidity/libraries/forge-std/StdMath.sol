// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

/// Distances between numbers.
library stdMath {
    int256 private constant INT256_MIN = -(2 ** 255);

    function abs(int256 a) internal pure returns (uint256) {
        // The smallest has no positive twin.
        if (a == INT256_MIN) return 2 ** 255;
        return uint256(a < 0 ? -a : a);
    }

    function delta(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : b - a;
    }

    function delta(int256 a, int256 b) internal pure returns (uint256) {
        if ((a < 0) == (b < 0)) return delta(abs(a), abs(b));
        return abs(a) + abs(b);
    }

    /// @return the distance from `b` in parts of it, where 1e18 is all of it
    function percentDelta(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b != 0, "stdMath: nothing to compare with");
        return delta(a, b) * 1e18 / b;
    }

    function percentDelta(int256 a, int256 b) internal pure returns (uint256) {
        uint256 whole = abs(b);
        require(whole != 0, "stdMath: nothing to compare with");
        return delta(a, b) * 1e18 / whole;
    }
}
