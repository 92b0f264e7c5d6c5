import type { AbiItem, Hex } from '../../src/chain/types.ts';

/**
 * Compiled once with solc 0.8.37 (optimizer on, 1 run), so that tests of the chain need no compiler:
 *
 *     contract Box {
 *         error TooSmall(uint256 given);
 *         uint256 public immutable value;
 *         address public owner;
 *         constructor(uint256 given) payable {
 *             if (given == 0) revert TooSmall(given);
 *             require(address(0xdEaD).balance == 0, "somebody was here");
 *             value = given;
 *             owner = msg.sender;
 *         }
 *     }
 */
export const box: {
  abi: AbiItem[];
  creation: Hex;
  runtime: Hex;
  immutableReferences: Record<string, { start: number; length: number }[]>;
} = {
  abi: [
    { type: 'constructor', inputs: [{ name: 'given', type: 'uint256' }], stateMutability: 'payable' },
    { type: 'error', name: 'TooSmall', inputs: [{ name: 'given', type: 'uint256' }] },
    { type: 'function', name: 'owner', inputs: [], outputs: [{ type: 'address' }], stateMutability: 'view' },
    { type: 'function', name: 'value', inputs: [], outputs: [{ type: 'uint256' }], stateMutability: 'view' },
  ],
  creation:
    '0x60a060405260405161019838038061019883398101604081905260209160a2565b805f036047576040516342128ec360e01b8152600481018290526024015b60405180910390fd5b61dead3115608a5760405162461bcd60e51b8152602060048201526011602482015270736f6d65626f647920776173206865726560781b6044820152606401603e565b6080525f80546001600160a01b0319163317905560b8565b5f6020828403121560b1575f5ffd5b5051919050565b60805160cb6100cd5f395f6038015260cb5ff3fe6080604052348015600e575f5ffd5b50600436106030575f3560e01c80633fa4f2451460345780638da5cb5b14606d575b5f5ffd5b605a7f000000000000000000000000000000000000000000000000000000000000000081565b6040519081526020015b60405180910390f35b5f54607e906001600160a01b031681565b6040516001600160a01b039091168152602001606456fea264697066735822122047e321a97930ca75051ead02805646d9f64a8176a2b7cfad658df96d6c1b3cd364736f6c63430008250033',
  runtime:
    '0x6080604052348015600e575f5ffd5b50600436106030575f3560e01c80633fa4f2451460345780638da5cb5b14606d575b5f5ffd5b605a7f000000000000000000000000000000000000000000000000000000000000000081565b6040519081526020015b60405180910390f35b5f54607e906001600160a01b031681565b6040516001600160a01b039091168152602001606456fea264697066735822122047e321a97930ca75051ead02805646d9f64a8176a2b7cfad658df96d6c1b3cd364736f6c63430008250033',
  immutableReferences: { '1': [{ length: 32, start: 56 }] },
};

/** The runtime code of `library Adder { function add(uint256 a, uint256 b) external pure returns (uint256) { return a + b; } }`, same compiler. */
export const adderRuntime: Hex =
  '0x73000000000000000000000000000000000000000030146080604052600436106032575f3560e01c8063771602f7146036575b5f5ffd5b604560413660046069565b6057565b60405190815260200160405180910390f35b5f606082846088565b90505b92915050565b5f5f604083850312156079575f5ffd5b50508035926020909101359150565b80820180821115606357634e487b7160e01b5f52601160045260245ffdfea26469706673582212201b70f3cd76c3c714865a9f4d498145af6106f1b54312615b61f4237f138c275f64736f6c63430008250033';

/** @returns creation code and constructor argument of a Box. */
export function boxCreation(given: bigint): Hex {
  return `${box.creation}${given.toString(16).padStart(64, '0')}`;
}
