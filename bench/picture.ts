// A chart of deliveries a second, by server, for the cells that send as fast as they can.

import { writeFile } from 'node:fs/promises'
import type { Results } from './report.ts'

const [LEFT, RIGHT, WIDTH, BAR, GAP, TITLE] = [130, 90, 760, 16, 5, 34]

/**
 * Writes an SVG, readable on light and dark pages. Each cell has a scale of its own: they differ by a factor of ten.
 */
export async function picture(path: string, measured: readonly Results[]): Promise<void> {
  let y = 0
  const cells = measured
    .filter(({ cell }) => !cell.includes('@'))
    .map(results => {
      const bars = results.deliveries()
      const most = Math.max(...bars.map(({ deliveries }) => deliveries))
      const title = `<text class="t" x="0" y="${y + 22}">${results.cell}</text>`
      y += TITLE
      const rows = bars.map(({ server, deliveries }) => {
        const width = Math.max(1, ((WIDTH - LEFT - RIGHT) * deliveries) / most)
        const middle = y + BAR - 4
        const kind = server === 'Tertulia' ? 'ours' : server.startsWith('copy') ? 'limit' : 'peer'
        const row = `<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${server}</text><rect class="${kind}" x="${LEFT}" y="${y}" width="${width.toFixed(0)}" height="${BAR}"/><text x="${(LEFT + width + 6).toFixed(0)}" y="${middle}">${(deliveries / 1e6).toFixed(2)}</text>`
        y += BAR + GAP
        return row
      })
      return [title, ...rows].join('\n')
    })
  const style = `text { font: 12px system-ui, sans-serif; fill: #333 } .t { font-weight: 600; font-size: 13px }
.ours { fill: #c2410c } .peer { fill: #94a3b8 } .limit { fill: #cbd5e1 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .ours { fill: #fb923c } .peer { fill: #64748b } .limit { fill: #475569 } }`
  const title = 'Millions of deliveries a second, by listeners/senders/messages in flight'
  await writeFile(
    path,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 6}" role="img" aria-label="${title}">
<style>${style}</style>
${cells.join('\n')}
</svg>
`,
  )
}
