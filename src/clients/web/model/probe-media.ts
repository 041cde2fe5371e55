/** As in files/probe-media.ts. Offline, that part may be missing: the file is sent without what it would find out. */
export async function probeMedia(file: Blob): Promise<{ duration?: number; poster?: Blob }> {
  if (!/^(audio|video)\//.test(file.type)) return {}
  const part = await import('../files/probe-media.ts').catch(() => undefined)
  return part?.probeMedia(file) ?? {}
}
