// The reason that a person gave for what they did.

/** `* ana borró #3`, or with a reason, `* ana borró #3: ruido`. @param reason printable; empty: none */
export function because(sentence: string, reason: string): string {
  return reason === '' ? sentence : `${sentence.replace(/\.$/, '')}: ${reason}`
}
