import { moderationWords } from '../../../wording/moderation-words.ts'
import { useApp, useObservable } from '../app.tsx'

export type ModerationWords = (typeof moderationWords)['es']

/** The words about keeping a room in order, for parts that are loaded when they are needed. */
export function useModerationWords(): ModerationWords {
  return moderationWords[useObservable(useApp().wording).language]
}
