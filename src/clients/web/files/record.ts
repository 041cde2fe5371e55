// Records from the microphone, and measures how loud it is.

import type { ChosenFile } from '../model/outgoing-files.ts'

export type Ended = 'finished' | 'cancelled'

/** The key of its sentence. */
export type RecordingFault = 'denied' | 'missing' | 'insecure' | 'failed'

export class RecordingFailed extends Error {
  readonly fault: RecordingFault

  constructor(fault: RecordingFault, options?: ErrorOptions) {
    super(fault, options)
    this.fault = fault
  }
}

export interface Voice extends Omit<ChosenFile, 'name'> {
  /** In milliseconds. */
  readonly duration: number
  readonly waveform: string
  /** Of a file's name. */
  readonly extension: string
}

interface RecordOptions {
  /** In milliseconds. */
  readonly longest: number
  /** @param length in milliseconds so far; @param loudness each from 0 to 1 */
  heard(length: number, loudness: readonly number[]): void
}

/** What browsers record: Opus wherever they can. */
const TYPES: Readonly<Record<string, string>> = {
  'audio/webm;codecs=opus': 'webm',
  'audio/ogg;codecs=opus': 'ogg',
  'audio/mp4;codecs=opus': 'm4a',
  'audio/mp4': 'm4a',
}
const BITS_PER_SECOND = 32_000
const MEASURED_EVERY_MS = 60
/** Bars of a waveform. */
const MOST_BARS = 96

/**
 * A microphone that is lost ends the recording as if it was finished. `ended` gives nothing when it was cancelled, and
 * rejects with RecordingFailed. Before it settles the microphone is released.
 */
export function record(options: RecordOptions): {
  readonly ended: Promise<Voice | undefined>
  stop(how: Ended): void
} {
  const stopped = Promise.withResolvers<Ended>()
  return { ended: run(stopped.promise, options), stop: stopped.resolve }
}

async function run(stopped: Promise<Ended>, options: RecordOptions): Promise<Voice | undefined> {
  const microphone = await openMicrophone()
  let context: AudioContext | undefined
  try {
    context = new AudioContext()
    return await recordFrom(microphone, { ...options, stopped, measure: meter(context, microphone) })
  } catch (error) {
    throw new RecordingFailed('failed', { cause: error })
  } finally {
    for (const track of microphone.getTracks()) track.stop()
    context?.close().catch(() => {}) // the browser closes it with the page
  }
}

interface Recorded extends RecordOptions {
  readonly stopped: Promise<Ended>
  readonly measure: () => number
}

async function recordFrom(
  microphone: MediaStream,
  { stopped, measure, longest, heard }: Recorded,
): Promise<Voice | undefined> {
  const type = Object.keys(TYPES).find(each => MediaRecorder.isTypeSupported(each))
  const recorder = new MediaRecorder(microphone, {
    ...(type !== undefined && { mimeType: type }),
    audioBitsPerSecond: BITS_PER_SECOND,
  })
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  const over = Promise.withResolvers<Ended>()
  const finish = () => over.resolve('finished')
  // Without its tracks, or after an error, a recorder stops by itself, and says so once.
  const isStopped = new Promise(resolve => recorder.addEventListener('stop', resolve))
  recorder.addEventListener('stop', finish)
  for (const track of microphone.getTracks()) track.addEventListener('ended', finish)
  recorder.start(1000)
  const began = performance.now()
  const loudness: number[] = []
  const timer = setInterval(() => {
    const length = performance.now() - began
    loudness.push(measure())
    heard(length, loudness)
    if (length >= longest) finish()
  }, MEASURED_EVERY_MS)
  const how = await Promise.race([stopped, over.promise])
  clearInterval(timer)
  const duration = Math.round(performance.now() - began)
  if (recorder.state !== 'inactive') recorder.stop()
  await isStopped
  if (how === 'cancelled') return undefined
  const file = new Blob(parts, { type: recorder.mimeType.split(';')[0] ?? '' })
  if (file.size === 0) throw new Error('nothing was recorded')
  return { file, duration, waveform: waveformOf(loudness), extension: TYPES[type ?? ''] ?? 'audio' }
}

async function openMicrophone(): Promise<MediaStream> {
  const devices: MediaDevices | undefined = navigator.mediaDevices
  if (devices === undefined) throw new RecordingFailed('insecure')
  try {
    return await devices.getUserMedia({ audio: true })
  } catch (error) {
    const { name } = error as DOMException
    const fault = name === 'NotFoundError' ? 'missing' : name === 'NotAllowedError' ? 'denied' : 'failed'
    throw new RecordingFailed(fault, { cause: error })
  }
}

/** @returns what measures the loudness now, from 0 to 1 */
function meter(context: AudioContext, microphone: MediaStream): () => number {
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(microphone).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return () => {
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length
    // A voice has a power of about 0.01: its square root, three times as high, fills the waveform.
    return Math.min(1, 3 * Math.sqrt(power))
  }
}

/** The loudest moment of each part, as up to MOST_BARS bytes in base64. */
function waveformOf(loudness: readonly number[]): string {
  const bars = Math.min(MOST_BARS, Math.max(1, loudness.length))
  const peaks = Array.from({ length: bars }, (_, at) => {
    const part = loudness.slice((at * loudness.length) / bars, ((at + 1) * loudness.length) / bars)
    return String.fromCharCode(Math.round(255 * Math.max(0, ...part)))
  })
  return btoa(peaks.join(''))
}
