import { useWords } from '../app.tsx'
import { Dialog } from './dialog.tsx'

export function KeysDialog() {
  const words = useWords()
  return (
    <Dialog title={words.keys.title} size="large">
      <div className="keys">
        {words.keys.groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{words.keys.commands}</h3>
          <dl>
            {Object.values(words.commands).map(({ word, args, help }) => (
              <div key={word}>
                <dt>
                  <kbd>
                    /{word} {args}
                  </kbd>
                </dt>
                <dd>{help}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}
