/** The four means of VIPOSeg's evaluator: things and stuff, each seen or unseen in training. */
export type Subset = 'thingSeen' | 'thingUnseen' | 'stuffSeen' | 'stuffUnseen'

export const subsets: readonly Subset[] = ['thingSeen', 'thingUnseen', 'stuffSeen', 'stuffUnseen']

const unseenThings = new Set([102, 99, 109, 47, 55, 61, 118, 72, 46, 96, 64, 101, 86, 97, 100, 116, 95])
const unseenStuff = new Set([9, 71, 120, 58, 94, 5, 34, 20, 6, 26, 112, 17, 57, 113, 25, 81, 38])

/** Class 98 is a container of many machines: unseen in these videos, seen in all others. */
const otherMachine = 98
const unseenMachineVideos = new Set(
  (
    '187_WUZUSD4477I 319_l1Dz12fxQzQ 320_nhKXemkIvh4 517_AWvYuplla_s 532_QmZyJuLlEec 774_devdFjIpDcc ' +
    '1016_HG0AsTOxI5g 1017_IAU0WGB9VPw 1020_TgCIv6bp3XM 1021_cPOxAMo28yk 1022_emSaDd2ddj0 1033_sh81AwYuihg ' +
    '1065_d2sHRyAHKqI 1067_fk3jhxBi1pA 1068_gxnZkf0LQfk 1069_jFHRbZxswz8 1070_uTJB31tuYes 1072_zvNEdUk5k0Q ' +
    '1230_AGY-gQ_3O8Y 1333__iprMPKLdOQ 1334_qlmfvYA3_rk 2004_1btxeVbyojs 2005_83KrhWajwfw'
  ).split(' '),
)

/** `stuffIds` are the classes that are stuff, `classCount` how many there are. Null: a class in no list. */
export function subsetOf(
  classId: number,
  videoName: string,
  stuffIds: ReadonlySet<number>,
  classCount: number,
): Subset | null {
  if (classId === otherMachine) return unseenMachineVideos.has(videoName) ? 'stuffUnseen' : 'stuffSeen'
  if (unseenThings.has(classId)) return 'thingUnseen'
  if (unseenStuff.has(classId)) return 'stuffUnseen'
  if (classId < 0 || classId >= classCount) return null
  return stuffIds.has(classId) ? 'stuffSeen' : 'thingSeen'
}

/**
 * How fast scores fall with the number of objects: least squares of -ln y = lambda n / 100 through the origin, y the
 * mean score over frames with n objects, n below 60. Null where no frame has an object; Infinity where a mean is 0.
 */
export function decayRate(scoresByCount: ReadonlyMap<number, readonly number[]>): number | null {
  let above = 0
  let below = 0
  for (const [count, scores] of scoresByCount) {
    if (count >= 60 || scores.length === 0) continue
    const x = count / 100
    above -= x * Math.log(scores.reduce((sum, score) => sum + score, 0) / scores.length)
    below += x * x
  }
  // -0 would be shown as it is.
  return below === 0 ? null : above / below + 0
}
