// What to do with the colour profile of a picture: it is metadata, but without it colours may be wrong.

/**
 * 'drop': colours are sRGB, which is what a picture without a profile is taken for. 'keep': a small profile that only
 * says what its colours are, as phones write it (Display P3); converting would cost more than everything else that is
 * done to the picture, and cut off the colours that sRGB lacks. 'convert': to sRGB; the profile is large, not of RGB,
 * or says more: that of a screen, for one, may hold its serial number.
 */
export type Colours = 'drop' | 'keep' | 'convert'

const [COLOUR_SPACE_AT, TAGS_AT, TAG_SIZE] = [16, 128, 12]
const [MOST_BYTES, MOST_TAGS] = [4096, 20]
/** Tags that a profile of three primaries and their curves is made of (ICC.1:2022, 8.3.3), with its names. */
const PLAIN = new Set(
  [
    'desc',
    'cprt',
    'wtpt',
    'bkpt',
    'chad',
    'cicp',
    'lumi',
    'rXYZ',
    'gXYZ',
    'bXYZ',
    'rTRC',
    'gTRC',
    'bTRC',
  ].concat(
    ['view', 'vued', 'meas', 'tech', 'dmnd', 'dmdd'], // the old profile of sRGB has them
  ),
)

/** @param profile an ICC profile; undefined for a picture that has none */
export function coloursOf(profile: Buffer | undefined, space: string | undefined): Colours {
  if (space === 'cmyk') return 'convert'
  if (!profile) return 'drop'
  if (!isPlain(profile)) return 'convert'
  // Its description is in Latin letters, of one byte each or of two.
  return profile.toString('latin1').replaceAll('\0', '').includes('sRGB') ? 'drop' : 'keep'
}

function isPlain(profile: Buffer): boolean {
  if (profile.length > MOST_BYTES || profile.length < TAGS_AT + 4) return false
  if (profile.toString('latin1', COLOUR_SPACE_AT, COLOUR_SPACE_AT + 4) !== 'RGB ') return false
  const count = profile.readUInt32BE(TAGS_AT)
  if (count > MOST_TAGS || TAGS_AT + 4 + count * TAG_SIZE > profile.length) return false
  return Array.from({ length: count }, (_, index) => TAGS_AT + 4 + index * TAG_SIZE).every(at =>
    PLAIN.has(profile.toString('latin1', at, at + 4)),
  )
}
