// What a connection has posted itself, which its seat is not shown.

/** Seqs as runs: disjoint, ascending, both ends included. */
export class OwnSeqs {
  readonly #runs: { from: number; to: number }[] = []
  /** The number of seqs. */
  count = 0

  add(from: number, to: number): void {
    const last = this.#runs.at(-1)
    this.count += to - from + 1
    if (last && last.to === from - 1) last.to = to
    else this.#runs.push({ from, to })
  }

  /** The parts of [from, to] that are not among them, in order. */
  *others(from: number, to: number): Generator<{ from: number; to: number }> {
    for (const run of this.#runs) {
      if (run.from > to) break
      if (run.to < from) continue
      if (run.from > from) yield { from, to: run.from - 1 }
      from = run.to + 1
    }
    if (from <= to) yield { from, to }
  }

  /** Forgets all up to `seq`. */
  forget(seq: number): void {
    let run: { from: number; to: number } | undefined
    while ((run = this.#runs[0]) && run.from <= seq) {
      const passed = Math.min(run.to, seq) - run.from + 1
      this.count -= passed
      run.from += passed
      if (run.from > run.to) this.#runs.shift()
    }
  }
}
