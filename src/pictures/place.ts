export function mayHoldPlace(_type: string): boolean {
  return false
}

export function removePlace(_from: string, _to: string, _type: string): Promise<boolean> {
  return Promise.resolve(false)
}
