// Accounts, inviting, a class's list, and what admins have done; for admins.

import { useApp, useWords } from '../../app.tsx'
import { ActList } from '../../panels/act-list.tsx'
import { usePeopleWords } from '../../ui/people-words.ts'
import { Dialog } from '../dialog.tsx'
import { Accounts } from './accounts.tsx'
import { Invite } from './invite.tsx'
import { Roster } from './roster.tsx'
import './people.css'

export default function PeopleDialog({ page }: { page: string }) {
  const { route } = useApp()
  const words = useWords()
  const said = usePeopleWords()
  const pages = [
    { name: '', title: words.people.accounts, Page: Accounts },
    { name: 'invitations', title: words.people.invitations, Page: Invite },
    { name: 'roster', title: said.roster, Page: Roster },
    { name: 'log', title: words.room.log, Page: ActList },
  ] as const
  const current = pages.find(({ name }) => name === page) ?? pages[0]
  return (
    <Dialog title={words.people.title} size="large">
      <div className="switch people-pages" role="group" aria-label={words.people.title}>
        {pages.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === current.name}
            onClick={() => route.open(name === '' ? 'people' : `people/${name}`)}
          >
            {title}
          </button>
        ))}
      </div>
      <current.Page />
    </Dialog>
  )
}
