/** Where an attachment is: thumb and screen are smaller pictures of it, if the server has made some. */
export function addressOf(id: string, size?: 'thumb' | 'screen'): string {
  return `/f/${id}${size === undefined ? '' : `?size=${size}`}`
}

/** The same file as something to keep, under its own name. */
export function downloadOf(id: string): string {
  return `/f/${id}?download`
}
