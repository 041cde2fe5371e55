import { useEffect, useState } from 'react'
import { useApp } from '../app.tsx'
import type { SearchHit } from '../model/api.ts'
import { zoneShown } from '../model/times.ts'
import { useLocale } from '../ui/locale.ts'

/** After the last letter. */
const REST_MS = 250
/** Of fewer letters there are too many messages. */
const LEAST = 3
const MOST = 5

/** The newest messages that match, searched when one stops typing; none while that cannot be done. */
export function useFoundMessages(typed: string): readonly SearchHit[] {
  const { chat } = useApp()
  const zone = zoneShown(useLocale())
  const [found, setFound] = useState<readonly SearchHit[]>([])
  const query = typed.trim()
  useEffect(() => {
    setFound(now => (now.length === 0 ? now : []))
    if (query.length < LEAST || /^[#@]/.test(query)) return
    let isGone = false
    const search = async () => {
      const page = await chat.api.search(query, { zone }).catch(() => undefined)
      if (!isGone && page) setFound(page.found.slice(0, MOST))
    }
    const timer = setTimeout(search, REST_MS)
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [chat, query, zone])
  return found
}
