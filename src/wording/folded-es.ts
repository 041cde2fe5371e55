// What a run of events between messages holds, in one sentence: for the line door and the web app.

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** How much a run of events holds (core/model/history.ts, FoldCounts). */
export interface FoldedCounts {
  readonly joined: number
  readonly left: number
  readonly removed: number
  readonly erased: number
  readonly other: number
  readonly more: boolean
}

/** 12 personas entraron, 3 salieron */
export function folded({ joined, left, removed, erased, other, more }: FoldedCounts): string {
  const moves = [
    [joined, 'entró', 'entraron'],
    [left, 'salió', 'salieron'],
    [removed, 'fue sacada', 'fueron sacadas'],
  ] as const
  const people = moves
    .filter(([count]) => count > 0)
    .map(([count, one, many], i) =>
      i === 0 ? plural(count, `persona ${one}`, `personas ${many}`) : plural(count, one, many),
    )
  const parts = [...people, ...(erased > 0 ? [plural(erased, 'mensaje borrado', 'mensajes borrados')] : [])]
  if (other > 0) parts.push(`${plural(other, 'cambio', 'cambios')}${parts.length > 0 ? ' más' : ''}`)
  return `${parts.join(', ')}${more ? ' y más' : ''}`
}
