// Tells a connection that shows text of reports: of new ones whoever may close them, and their reporters that they were
// looked at.

import type { Chat } from '../../core/chat.ts'
import type { Person } from '../../core/model/model.ts'
import type { Wording } from '../../wording/es.ts'

export interface ReportNewsDeps {
  readonly chat: Chat
  readonly person: () => Person | undefined
  readonly wording: () => Wording
  readonly say: (line: string) => void
  readonly onError: (error: unknown) => void
}

/** @returns what is to be called with each change of what concerns the person (View.changed) */
export function reportNewsTo(deps: ReportNewsDeps): (what: string) => void {
  let told = 0
  const look = async () => {
    const { chat, person, wording, say } = deps
    const who = person()
    if (!who) return
    const { open, latest, reviewed } = await chat.reports.news(who)
    if (latest > told) say(wording().reportsWait(open))
    told = Math.max(told, latest)
    if (reviewed.length === 0) return
    for (const { seq } of reviewed) say(wording().reportReviewed(seq))
    await chat.reports.told(who)
  }
  return what => {
    if (what === 'reports') look().catch(deps.onError)
  }
}
