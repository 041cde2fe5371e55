interface RadioListProps<Value extends string> {
  readonly title: string
  readonly name: string
  readonly values: readonly Value[]
  readonly value: Value
  readonly names: Readonly<Record<Value, string>>
  /** What each value means. With hints the values stand in a column, without in a row. */
  readonly hints?: Readonly<Record<Value, string>>
  /** The dialog has the same title: it is read out, but not shown again. */
  readonly isTitled?: true
  readonly onChoose: (value: Value) => void
}

export function RadioList<Value extends string>(props: RadioListProps<Value>) {
  const { title, name, values, value, names, hints, isTitled, onChoose } = props
  return (
    <fieldset className={hints ? 'radio-list' : 'radio-list row'}>
      <legend className={isTitled ? 'visually-hidden' : undefined}>{title}</legend>
      {values.map(each => (
        <label key={each}>
          <input type="radio" name={name} checked={each === value} onChange={() => onChoose(each)} />
          <span>
            {names[each]}
            {hints && <small className="quiet">{hints[each]}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
