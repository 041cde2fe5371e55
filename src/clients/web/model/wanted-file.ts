// The file whose link somebody opened without being logged in: the server sent them here first.

/** Its address; undefined if the page was opened for another reason. */
export function wantedFile(): string | undefined {
  const id = new URLSearchParams(location.search).get('file') ?? ''
  return /^[\w-]{22}$/.test(id) ? `/f/${id}` : undefined
}

/** @returns whether the browser only saves it: the page stays then, under its own address */
export async function goToFile(file: string): Promise<boolean> {
  const answer = await fetch(file, { method: 'HEAD' }).catch(() => undefined)
  const isDownload = answer?.headers.get('Content-Disposition')?.startsWith('attachment') === true
  if (isDownload) history.replaceState(history.state, '', location.pathname)
  location.replace(file)
  return isDownload
}
