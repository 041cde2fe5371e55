// What somebody said about what they did.

/** `* ana borró #3` and, where there is a reason, `* ana borró #3: ruido`. @param reason fit to be shown */
export function because(sentence: string, reason: string): string {
  return reason === '' ? sentence : `${sentence.replace(/\.$/, '')}: ${reason}`
}
