// The cells of the table: listeners/senders/messages in flight per sender, or listeners@messages a second.

export interface Cell {
  readonly name: string
  /** Options of load.c. */
  readonly load: Readonly<Record<string, number>>
}

function closed(listeners: number, senders: number, inFlight: number): Cell {
  return { name: `${listeners}/${senders}/${inFlight}`, load: { listeners, senders, 'in-flight': inFlight } }
}

function open(listeners: number, rate: number): Cell {
  return { name: `${listeners}@${rate}`, load: { listeners, senders: 10, rate } }
}

export const cells: readonly Cell[] = [
  closed(100, 1, 64),
  closed(100, 1, 1024),
  closed(100, 10, 64),
  closed(1000, 10, 64),
  closed(5000, 10, 16),
  open(100, 1000),
  open(1000, 100),
]
