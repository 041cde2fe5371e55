// One's name, status and time zone, and the way out.

import { attempt, useApp, useObservable, useWords } from '../../app.tsx'
import { updateProfile } from '../../composer/commands.ts'
import { PictureField } from '../../pictures/picture-field.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { SingleFieldForm } from '../single-field-form.tsx'

export function ProfilePage() {
  const app = useApp()
  const words = useWords()
  const { person } = useObservable(app.chat)
  if (!person) return null
  return (
    <>
      <p className="quiet">
        @<bdi>{person.username}</bdi> · {words.serverRoles[person.role]}
      </p>
      {person.role !== 'guest' && (
        <PictureField title={words.avatar.own} bearer={{ person: person.id }}>
          <Avatar id={person.id} username={person.username} size={64} />
        </PictureField>
      )}
      <SingleFieldForm
        key={`name${person.name}`}
        label={words.entry.name}
        value={person.name}
        longest={64}
        onSave={name => void updateProfile(app, { name })}
      />
      <SingleFieldForm
        key={`status${person.status}`}
        label={words.settings.status}
        value={person.status}
        longest={100}
        onSave={status => void updateProfile(app, { status })}
      />
      <label className="field">
        {words.settings.zone}
        <select
          value={person.zone}
          onChange={event => void updateProfile(app, { zone: event.currentTarget.value })}
        >
          <option value="">{words.settings.noZone}</option>
          {zones(person.zone).map(zone => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      </label>
      <LogOut />
    </>
  )
}

function zones(current: string): readonly string[] {
  const all = Intl.supportedValuesOf('timeZone')
  return current === '' || all.includes(current) ? all : [current, ...all]
}

function LogOut() {
  const app = useApp()
  const words = useWords()
  const { chat } = app
  const unsent = chat.outbox.posts.length
  const out = () =>
    attempt(app, async () => {
      chat.isLoggingOut = true
      await chat.api.do('DELETE', '/session').finally(() => {
        chat.isLoggingOut = false
      })
      app.route.go('/', 'replace')
      chat.client.close()
    })
  return (
    <section>
      {unsent > 0 && <p className="banner">{words.settings.unsent(unsent)}</p>}
      <button type="button" className="danger" onClick={() => void out()}>
        {words.settings.logOut}
      </button>
    </section>
  )
}
