pragma solidity ^0.4.24;

contract Curated {
    address public curator;
    address public heir;

    event CuratorProposed(address heir);
    event CuratorChanged(address curator);

    constructor() public {
        curator = msg.sender;
    }

    modifier onlyCurator {
        if (msg.sender != curator) revert();
        _;
    }

    function proposeCurator(address _heir) public onlyCurator {
        require(_heir != 0x0);
        heir = _heir;
        emit CuratorProposed(_heir);
    }

    function acceptCurator() public {
        require(msg.sender == heir);
        curator = heir;
        heir = 0x0;
        emit CuratorChanged(curator);
    }
}

/* Photo contest running in seasons. Entry fees make up the prize. */
contract PhotoContest is Curated {

    uint public constant ENTRY_FEE = 20 finney;
    uint public constant CURATOR_CUT = 10; // percent

    struct Entry {
        address author;
        string picture;
        bool withdrawn;
    }

    uint public season = 1;
    uint public pot;
    mapping (uint => Entry[]) public entries;
    mapping (address => uint) public credit;

    event Entered(uint season, uint index, address author, string picture);
    event EntryWithdrawn(uint season, uint index);
    event Crowned(uint season, uint index, address author, uint prize);
    event Paid(address to, uint amount);

    function count() public view returns (uint) {
        return entries[season].length;
    }

    function enter(string _picture) public payable {
        require(msg.value == ENTRY_FEE);
        require(bytes(_picture).length > 0 && bytes(_picture).length <= 96);
        pot += msg.value;
        emit Entered(season, count(), msg.sender, _picture);
        entries[season].push(Entry({author: msg.sender, picture: _picture, withdrawn: false}));
    }

    // an author may step back as long as the season has not been judged
    function stepBack(uint _season, uint _index) public {
        require(_season == season);
        require(_index < count());
        Entry storage e = entries[season][_index];
        require(e.author == msg.sender && !e.withdrawn);
        e.withdrawn = true;
        pot -= ENTRY_FEE;
        credit[msg.sender] += ENTRY_FEE;
        emit EntryWithdrawn(season, _index);
    }

    function crown(uint _index) public onlyCurator {
        require(_index < count());
        Entry storage best = entries[season][_index];
        require(!best.withdrawn);

        uint cut = pot * CURATOR_CUT / 100;
        uint prize = pot - cut;
        pot = 0;
        credit[curator] += cut;
        credit[best.author] += prize;
        emit Crowned(season, _index, best.author, prize);

        season++;
    }

    function cashOut() public {
        uint amount = credit[msg.sender];
        require(amount > 0);
        credit[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit Paid(msg.sender, amount);
    }
}
