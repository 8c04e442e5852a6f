import type { ListedClass } from './class-list.ts'

/** `id name`, one after the other, split at commas: official category ids of COCO; 12, 26, 29, ... are not used. */
const cocoNames =
  '1 person,2 bicycle,3 car,4 motorcycle,5 airplane,6 bus,7 train,8 truck,9 boat,10 traffic light,' +
  '11 fire hydrant,13 stop sign,14 parking meter,15 bench,16 bird,17 cat,18 dog,19 horse,20 sheep,' +
  '21 cow,22 elephant,23 bear,24 zebra,25 giraffe,27 backpack,28 umbrella,31 handbag,32 tie,' +
  '33 suitcase,34 frisbee,35 skis,36 snowboard,37 sports ball,38 kite,39 baseball bat,' +
  '40 baseball glove,41 skateboard,42 surfboard,43 tennis racket,44 bottle,46 wine glass,47 cup,' +
  '48 fork,49 knife,50 spoon,51 bowl,52 banana,53 apple,54 sandwich,55 orange,56 broccoli,57 carrot,' +
  '58 hot dog,59 pizza,60 donut,61 cake,62 chair,63 couch,64 potted plant,65 bed,67 dining table,' +
  '70 toilet,72 tv,73 laptop,74 mouse,75 remote,76 keyboard,77 cell phone,78 microwave,79 oven,' +
  '80 toaster,81 sink,82 refrigerator,84 book,85 clock,86 vase,87 scissors,88 teddy bear,' +
  '89 hair drier,90 toothbrush'

/** Category k is the k-th name, from 0; a `*` marks a thing, the others are stuff (58 and 66). */
const vipsegNames =
  'wall ceiling door* stair ladder* escalator Playground_slide handrail_or_fence window* rail goal* ' +
  'pillar pole floor ground grass sand athletic_field road path crosswalk building house bridge tower ' +
  'windmill well_or_well_lid other_construction sky mountain stone wood ice snowfield grandstand sea ' +
  'river lake waterfall water billboard_or_Bulletin_Board sculpture* pipeline flag* ' +
  'parasol_or_umbrella* cushion_or_carpet tent* roadblock* car* bus* truck* bicycle* motorcycle* ' +
  'wheeled_machine ship_or_boat* raft* airplane* tyre traffic_light lamp person* cat* dog* horse* ' +
  'cattle* other_animal* tree flower other_plant toy ball_net backboard skateboard* bat ball* ' +
  'cupboard_or_showcase_or_storage_rack box* traveling_case_or_trolley_case* basket* bag_or_package* ' +
  'trash_can cage plate* tub_or_bowl_or_pot* bottle_or_cup* barrel* fishbowl* bed* pillow* ' +
  'table_or_desk* chair_or_seat* bench* sofa* shelf bathtub gun* commode* roaster* other_machine ' +
  'refrigerator* washing_machine* Microwave_oven* fan* curtain textiles clothes painting_or_poster* ' +
  'mirror* flower_pot_or_vase* clock* book tool blackboard tissue screen_or_television* computer* ' +
  'printer* Mobile_phone* keyboard* other_electronic_product fruit food instrument* train*'

/** The 80 classes of COCO instances, all things. */
export function cocoClasses(): ListedClass[] {
  return cocoNames.split(',').map((entry) => {
    const space = entry.indexOf(' ')
    return {
      name: entry.slice(space + 1),
      stuff: false,
      exportId: Number(entry.slice(0, space)),
      color: null,
    }
  })
}

/** The 124 classes of VIPSeg, which VIPOSeg shares. */
export function vipsegClasses(): ListedClass[] {
  return vipsegNames.split(' ').map((entry, exportId) => {
    const thing = entry.endsWith('*')
    return { name: thing ? entry.slice(0, -1) : entry, stuff: !thing, exportId, color: null }
  })
}
