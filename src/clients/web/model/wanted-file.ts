// The file whose link somebody opened without being logged in: the server sent them here first.

/** Its address; undefined if the page was opened for another reason. */
export function wantedFile(): string | undefined {
  const id = new URLSearchParams(location.search).get('file') ?? ''
  return /^[\w-]{22}$/.test(id) ? `/f/${id}` : undefined
}
