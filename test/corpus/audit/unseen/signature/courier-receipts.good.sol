pragma solidity ^0.4.24;

/*
 * Parcels with a receipt. The sender locks the courier's pay, the receiver signs
 * on the courier's phone, and the courier hands the signature in to be paid.
 */
contract CourierReceipts {

    uint constant PATIENCE = 21 days;

    struct Parcel {
        address sender;
        address courier;
        address receiver;
        uint pay;
        uint hiredAt;
        bool done;
    }

    uint public lastParcel;
    mapping (uint => Parcel) public parcels;
    mapping (address => uint) public balanceOf;

    event Posted(uint indexed id, address indexed sender, uint pay);
    event ReceiverNamed(uint indexed id, address indexed receiver);
    event Hired(uint indexed id, address indexed courier);
    event Delivered(uint indexed id, address indexed courier);
    event CalledOff(uint indexed id);
    event Withdrawn(address indexed who, uint amount);

    modifier onlySender(uint id) {
        require(parcels[id].sender == msg.sender);
        require(!parcels[id].done);
        _;
    }

    // The receiver may be left open (zero) and named while the parcel travels.
    function post(address receiver) external payable returns (uint id) {
        require(msg.value > 0);
        id = ++lastParcel;
        parcels[id] = Parcel({
            sender: msg.sender,
            courier: address(0),
            receiver: receiver,
            pay: msg.value,
            hiredAt: 0,
            done: false
        });
        emit Posted(id, msg.sender, msg.value);
        if (receiver != address(0)) {
            emit ReceiverNamed(id, receiver);
        }
    }

    function nameReceiver(uint id, address receiver) external onlySender(id) {
        require(parcels[id].receiver == address(0), "named before");
        require(receiver != address(0));
        parcels[id].receiver = receiver;
        emit ReceiverNamed(id, receiver);
    }

    function hire(uint id, address courier) external onlySender(id) {
        require(courier != address(0) && parcels[id].courier == address(0));
        parcels[id].courier = courier;
        parcels[id].hiredAt = now;
        emit Hired(id, courier);
    }

    function receiptHash(uint id) public view returns (bytes32) {
        bytes32 inner = keccak256(abi.encodePacked(address(this), id, parcels[id].courier));
        return keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", inner));
    }

    function handIn(uint id, uint8 v, bytes32 r, bytes32 s) external {
        Parcel storage p = parcels[id];
        require(msg.sender == p.courier, "courier only");
        require(!p.done, "settled");
        address signer = ecrecover(receiptHash(id), v, r, s);
        require(signer != address(0) && signer == p.receiver, "receipt");
        p.done = true;
        balanceOf[p.courier] += p.pay;
        emit Delivered(id, p.courier);
    }

    // before a courier is hired, or when he did not deliver in three weeks
    function callOff(uint id) external onlySender(id) {
        Parcel storage p = parcels[id];
        require(p.courier == address(0) || now >= p.hiredAt + PATIENCE, "under way");
        p.done = true;
        balanceOf[msg.sender] += p.pay;
        emit CalledOff(id);
    }

    function withdraw() external {
        uint amount = balanceOf[msg.sender];
        require(amount > 0);
        balanceOf[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit Withdrawn(msg.sender, amount);
    }
}
