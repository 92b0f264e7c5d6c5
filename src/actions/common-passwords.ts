/**
 * Passwords that are tried first, as far as they, or they with a tail of digits, can reach twelve characters:
 * keyboard walks, the words of every leak's first page, and what people type at a place like this.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password passwords passw0rd passwordpassword mypassword yourpassword newpassword adminpassword userpassword
  rootpassword testpassword defaultpassword thepassword temppassword changepassword passwordadmin password1password
  administrator administration admin adminadmin adminadminadmin superadmin superuser rootroot rootrootroot toor
  welcome welcomewelcome welcomehome letmein letmeinletmein letmeinnow letmeinplease changeme changemenow
  changemeplease pleasechangeme iloveyou iloveyouiloveyou iloveyousomuch iloveyouforever qwerty qwertyuiop
  qwertyuiopasdfghjkl qwertyuiopasdf qwertyuiopas qwertyqwerty qwertyuiopqwertyuiop qwerty123456 qwertz qwertzuiop
  azerty azertyuiop asdfghjkl asdfghjklzxcvbnm asdfasdf asdfasdfasdf zxcvbnm zxcvbnmasdfghjkl zxcvbnmzxcvbnm
  qazwsxedc qazwsxedcrfv qazwsxedcrfvtgb 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i
  q1w2e3r4t5y6 q1w2e3r4t5y6u7 zaq12wsxcde3 123456789012 1234567890123 12345678901234 123456789012345
  1234567890123456 12345678901234567890 0123456789012 123456123456 123456789123 123456789123456789 1234567890qwerty
  123qweasdzxc 123qwe123qwe 123123123123 112233445566 121212121212 abcdefghijkl abcdefghijklm abcdefghijklmn
  abcdefghijklmnop abcdefghijklmnopqrstuvwxyz abcabcabcabc abc123abc123 abcd1234abcd a1b2c3d4e5f6 a1b2c3d4e5f6g7
  0987654321098 987654321098 9876543210987 monkey monkeymonkey dragon dragondragon football footballfootball
  baseball basketball superman supermansuperman batman batmanbatman starwars trustno1trustno1 trustnoone sunshine
  sunshinesunshine princess princessprincess michaeljordan chelseafc liverpoolfc manchesterunited realmadrid
  barcelona shadowshadow masterkey mastermaster whatever whateverwhatever computer computercomputer internet
  internetinternet samsungsamsung googlegoogle facebook facebookfacebook passphrase correcthorse
  correcthorsebatterystaple correct-horse-battery-staple correcthorsebattery secret secretsecret topsecret
  supersecret supersecretpassword mysecretpassword secretpassword thisisasecret thisismypassword thisisapassword
  donttellanyone nopassword nopasswordhere blankpassword test testtest testtesttest testing testingtesting
  testuser demodemodemo exampleexample examplepassword guestguest guestguestguest login loginlogin loginloginlogin
  useruseruser hello hellohello hellohellohello helloworld helloworldhello ihatepasswords ihateyou fuckyou fuckyoufuckyou
  bitcoin bitcoinbitcoin ethereum ethereumethereum ethereumclassic blockchain cryptocurrency satoshinakamoto
  satoshi vitalikbuterin vitalik tothemoon hodlhodlhodl hodl lambolambo smartcontract smartcontracts solidity
  soliditysolidity metamask metamaskmetamask hardhathardhat openzeppelin slipway slipwayslipway slipwayadmin
  slipwaypassword`.split(/\s+/),
);
