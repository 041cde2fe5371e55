import { rulesWords } from '../../../wording/rules-words.ts'
import { useApp, useObservable } from '../app.tsx'

/** The words about rules of rooms and reports, for parts that are loaded when they are needed. */
export function useRulesWords(): (typeof rulesWords)['es'] {
  return rulesWords[useObservable(useApp().wording).language]
}
