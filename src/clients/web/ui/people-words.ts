import { type PeopleWords, peopleWords } from '../../../wording/people-words.ts'
import { useApp, useObservable } from '../app.tsx'

/** The words about accounts and inviting people, for parts that are loaded when they are needed. */
export function usePeopleWords(): PeopleWords {
  return peopleWords[useObservable(useApp().wording).language]
}
