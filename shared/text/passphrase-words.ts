// Words that passphrases are made of: 1024 common English words of three to six letters, easily written down and typed.
// Ten bits each. Changing the list changes nothing for passphrases that exist.

/** Each once, in lower case. */
export const passphraseWords: readonly string[] = `
about above accept across act add after again age ahead air album allow almond alone also amber among anchor
angel animal answer any apart april apron arch arm army around arrow art ash atlas attic aunt award away axis
baby back badge bake baker ball bamboo banana band banner bar bare barn barrel base basil basin basket beach
bead beam bear beard beat become bed bee before begin behind belong below belt bend berry best bike bird birth
black blade blank blind block bloom board boat body bold bolt bone book boot border borrow both bottle bounce
bow bowl boy brain branch brave bread break brick bridge brief bring broad broom brush bubble bucket build
bulb bull bus bush busy button buy cabin cactus cake calf calm camel camera canal candle candy canoe canvas
cap card care cargo carrot carry cart case cash castle catch cattle cave cellar center cereal chair chalk
chance charm chart chase cheer cheese cherry chest chief child choice choose circle clap class clay clear
clerk clever climb clock cloth clover club coach coast coat cobalt code coffee coin collar color column come
comet common cool copper coral cork corn corner couch count couple court cousin cover cradle craft crane cream
create creek crisp crop cross crown cruise crumb cup curl curve cycle daily dairy dance dare dark data date
dawn deal dear debate deck deep deer delay dell denim desert design desk dew dial dice dig dinner dish dock
doctor dog domain donkey door double dove down draft dragon draw dream drift drill drink drop drum dry dune
during dust each eager eagle early earn earth east easy eat edge eel effort eight either elbow elk elm else
empty end energy enjoy enough enter entry equal errand event ever every exit expert extra fabric face fact
faith fall family fan far farm father favor feast fence fern ferry few fiber field figure file fill final find
fine finish fire firm fish five flag flash flat flavor flight float flock flour flow flower fly foam focus
fold folk follow foot forest forget form fort forty fossil four fox free fresh friend front frost fruit full
fun funny galaxy gallop game garden garlic garnet gather gentle giant ginger girl give glass globe glove glue
goal goat good goose grace grand grape grass gray great green grid grip ground grove grow guard guest guide
guitar hair half hall hand handle happy hard hardly harp hawk hay hazel heart heat heavy height hello helmet
hen herb hero hinge hint hobby hollow home honest hood hook hope horse hotel hour hover huge human hurry ice
icon igloo image inch index indoor ink insect inside iron ivory ivy jacket jaguar jam jar jelly jewel job joke
joy judge juice july jump jungle junior jury kayak keen keep key kick kind kiosk kite kitten knee knight knock
know label lace lake lamb lamp lane large laser late laugh lava layer lazy leader learn least leave left
legend lemon length lentil lesson level lever lid lift light lily limit line linen lip liquid list listen live
lizard load local lock loft long look loop loud love loyal lunar lunch lung magnet mail main mango manner map
marble march margin mark market mask match matter maybe meadow meal mean meet melody melon memory menu merit
metal meter method mild milk mill minor mint minute mist mixed mobile modern moment monday monkey month moon
mosaic moss most motor mouse mouth movie much mug museum music must nail name napkin nation native nature neat
neck needle nest net never news nice nickel night nine noble noodle noon normal nose note notice number nurse
nut oasis oat object odd offer office oil old olive once onion only opera orange orbit organ osprey other oval
oven over owner oxygen oyster pack paddle page pair palace palm panda panel paper parcel parent park part
party pass pasta patch path pause peace peach peanut pear pearl pen pencil people period person phone piano
picnic piece pillow pilot pin pink pipe pitch place plain plan plant plate play plenty plum pocket poet point
polar polish pond pony poppy porch port powder power prefer price prince print profit proof proper pulse puma
pump purple purse push queen quest quick quilt quite quiz race radar radio raft rail rain ramp ranch range
rare raven reach ready real reason record red reef relax relay remain rent repair repeat report rescue rest
return review reward ribbon rice rich ridge right ring rise river road robin robot rock roll roof room rope
rose rough route royal rubber rule run rural safe sage sail salad salt same sand satin sauce save scarf scene
school scout screen sea season seat second seed seem select series serve seven shadow shape share sheep sheet
shelf shield shift shine shirt shoe shop short show shower side signal silent silver simple since single
sister site size skate sketch skill skin skirt sleep sleeve slice slope slow small smile smoke smooth snail
snow soap social sock soda soft soil solar solve some song sort soul sound south space spare speak speed spell
spice spider spiral splash sponge spoon spot spring square stable staff stage stamp stand star state stay
steam stem step stick stone stool stop storm story stove stream street strong style such sugar summer sun
sunday sunset super supper surf swan sweet swim swing symbol table tailor talent tall tango tape task taste
taxi teach team tell ten tennis tent text thank theory think thirty thread thumb ticket tide tiger tile timber
tiny title toast toe tomato ton tongue tool tooth topic torch total tour toward towel town toy track trail
train travel treat tree trend tribe trip true trust truth try tuna tunnel turkey turtle twelve twenty twin two
uncle union unit until upper upset urban valley value van venue verb very video view vine violin visit vivid
volume vote voyage wait walk wall want warm wash water wave way wear week well whale wheat wheel whole wide
wife willow win wind wing winner winter wise wish wolf wood wool word world worth wrap write yard year yes
yogurt you zebra zero zone zoo
`
  .trim()
  .split(/\s+/u);
