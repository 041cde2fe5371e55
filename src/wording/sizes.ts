// Sizes and lengths of files, in the reader's language.

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
const formats = new Map<string, Intl.NumberFormat>()

/** In decimal units, as systems show files: 1,2 MB. */
export function sizeText(language: string, bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  const digits = power > 0 && value < 10 ? 1 : 0
  const key = `${language}/${power}/${digits}`
  let format = formats.get(key)
  if (!format) {
    const unit = UNITS[power] ?? 'byte'
    format = new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: power === 0 ? 'long' : 'short',
      maximumFractionDigits: digits,
    })
    formats.set(key, format)
  }
  return format.format(value)
}

/** Minutes and seconds, and hours if there are some: 1:05. */
export function lengthText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
