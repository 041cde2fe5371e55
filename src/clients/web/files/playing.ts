/** One thing is heard at a time. */
export function pauseOthers(playing: HTMLMediaElement): void {
  for (const each of document.querySelectorAll<HTMLMediaElement>('audio, video')) {
    if (each !== playing) each.pause()
  }
}
