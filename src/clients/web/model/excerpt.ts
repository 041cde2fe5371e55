// A text on one line, where there is no room for more.

const LONGEST = 140

export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const points = [...line.slice(0, LONGEST * 2)]
  return points.length > LONGEST ? `${points.slice(0, LONGEST).join('')}…` : line
}
