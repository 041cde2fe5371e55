// The files that the class sends: drawn and written here, the same in every run.

import sharp from 'sharp'

interface Landscape {
  readonly width: number
  readonly height: number
  /** From above to below, and of the two hills. */
  readonly sky: readonly [string, string]
  readonly hills: readonly [string, string]
}

const LANDSCAPES: Readonly<Record<string, Landscape>> = {
  páramo: { width: 1600, height: 1200, sky: ['#8ab4d8', '#f6dcae'], hills: ['#4a6c8f', '#2f4a63'] },
  frailejones: { width: 1200, height: 1200, sky: ['#cfe3ee', '#eef3e4'], hills: ['#7d9a52', '#4f6b34'] },
  laguna: { width: 1600, height: 1000, sky: ['#9cc3d9', '#dfeef2'], hills: ['#5b7a6a', '#2c6f8f'] },
  pizarra: { width: 900, height: 1200, sky: ['#25392f', '#31493d'], hills: ['#3c5a4c', '#20322b'] },
}

function drawn({ width, height, sky: [above, below], hills: [far, near] }: Landscape): string {
  const at = (x: number, y: number) => `${x * width} ${y * height}`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="${above}"/><stop offset="1" stop-color="${below}"/></linearGradient>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * 0.7}" cy="${height * 0.34}" r="${height * 0.09}" fill="#fff6dc"/>
    <path d="M${at(0, 0.7)} Q${at(0.25, 0.3)} ${at(0.5, 0.65)} T${at(1, 0.55)} V${height} H0z" fill="${far}"/>
    <path d="M${at(0, 0.9)} Q${at(0.35, 0.6)} ${at(0.6, 0.85)} T${at(1, 0.7)} V${height} H0z" fill="${near}"/>
  </svg>`
}

const CSV =
  'hora,temperatura,humedad,viento\n08:00,4.1,96,1.2\n09:00,5.8,91,1.9\n10:00,7.7,84,2.6\n11:00,9.4,78,3.1\n12:00,10.2,74,3.4\n'
const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
const RATE = 8000

/** What somebody sends under this name. */
export async function contentOf(name: string): Promise<Buffer> {
  const landscape = LANDSCAPES[name.replace(/\.jpg$/, '')]
  if (landscape)
    return sharp(Buffer.from(drawn(landscape)))
      .jpeg({ quality: 85 })
      .toBuffer()
  if (name.endsWith('.wav')) return beep()
  return Buffer.from(name.endsWith('.pdf') ? PDF : CSV)
}

/** A second of a tone, as WAV. */
function beep(): Buffer {
  const wav = Buffer.alloc(44 + 2 * RATE)
  wav.write('RIFF')
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(RATE, 24)
  wav.writeUInt32LE(2 * RATE, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(2 * RATE, 40)
  for (let at = 0; at < RATE; at++) wav.writeInt16LE(Math.round(8000 * Math.sin(at / 3)), 44 + 2 * at)
  return wav
}

/** What the browser of whoever has spoken says of it. */
export function heardIn(name: string): { duration: number; waveform: string } | undefined {
  if (!name.endsWith('.wav')) return undefined
  const bars = Array.from({ length: 96 }, (_, at) => {
    const phrase = Math.abs(Math.sin(at / 9) * Math.sin(at / 23))
    return Math.round(255 * phrase * (0.45 + 0.55 * (((at * 7919) % 13) / 13)))
  })
  return { duration: 23_400, waveform: Buffer.from(bars).toString('base64') }
}
