// What an admin can do about an account.

import KeyRound from '~icons/key-round'
import MonitorSmartphone from '~icons/monitor-smartphone'
import UserCheck from '~icons/user-check'
import UserCog from '~icons/user-cog'
import UserX from '~icons/user-x'
import type { Account } from '../../../../wire/accounts.ts'
import { attempt, useApp } from '../../app.tsx'
import { MenuItem, MenuSeparator, PopupMenu } from '../../ui/menu.tsx'
import { usePeopleWords } from '../../ui/people-words.ts'

/** What is done in a step of its own. */
export type AccountAct = 'role' | 'code' | 'sessions' | 'disable'

interface MenuProps {
  readonly account: Account
  readonly anchor: HTMLElement
  readonly onAct: (act: AccountAct) => void
  readonly onChanged: () => void
  readonly onClose: () => void
}

export function AccountMenu({ account: { person, state }, anchor, onAct, onChanged, onClose }: MenuProps) {
  const app = useApp()
  const { acts } = usePeopleWords()
  const path = `/people/${encodeURIComponent(person.username)}/disabled`
  const enable = async () => {
    if (await attempt(app, () => app.chat.api.do('PUT', path, { disabled: false }))) onChanged()
  }
  return (
    <PopupMenu anchor={anchor} onClose={onClose}>
      {state !== 'disabled' && <MenuItem icon={KeyRound} label={acts.code} onClick={() => onAct('code')} />}
      <MenuItem icon={UserCog} label={acts.role} onClick={() => onAct('role')} />
      <MenuItem icon={MonitorSmartphone} label={acts.sessions} onClick={() => onAct('sessions')} />
      <MenuSeparator />
      {state === 'disabled' ? (
        <MenuItem icon={UserCheck} label={acts.enable} onClick={() => void enable()} />
      ) : (
        <MenuItem icon={UserX} label={acts.disable} isDanger onClick={() => onAct('disable')} />
      )}
    </PopupMenu>
  )
}
