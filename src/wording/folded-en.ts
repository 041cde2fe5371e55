import type { FoldedCounts } from './folded-es.ts'

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** 12 people joined, 3 left */
export function folded({ joined, left, removed, erased, other, more }: FoldedCounts): string {
  const moves = [
    [joined, 'joined', 'joined'],
    [left, 'left', 'left'],
    [removed, 'was removed', 'were removed'],
  ] as const
  const people = moves
    .filter(([count]) => count > 0)
    .map(([count, one, many], i) =>
      i === 0 ? plural(count, `person ${one}`, `people ${many}`) : plural(count, one, many),
    )
  const parts = [...people, ...(erased > 0 ? [plural(erased, 'message deleted', 'messages deleted')] : [])]
  if (other > 0)
    parts.push(
      plural(
        other,
        parts.length > 0 ? 'more change' : 'change',
        parts.length > 0 ? 'more changes' : 'changes',
      ),
    )
  return `${parts.join(', ')}${more ? ' and more' : ''}`
}
