import { Effect, Result } from "effect"
import fc from "fast-check"
import { Id } from "leadline"
import { type CommonRecords, Conflict, type Key, type RecordStore } from "leadline/ports"
import { expect, it } from "vitest"
import { at, type LawKit, ref, subject } from "./LawKit.ts"

/** What is asked of a store, as plain data. Texts are named by how many there were before. */
type Step =
  | {
      readonly _tag: "Commit"
      readonly account: "one" | "another"
      readonly keys: ReadonlyArray<{
        readonly id: string
        readonly isStale: boolean
        readonly act: "put" | "remove" | "expect"
        readonly due: number | null
        readonly texts: ReadonlyArray<number>
      }>
      /** Their subjects. */
      readonly newTexts: ReadonlyArray<string>
      /** The texts of each. */
      readonly events: ReadonlyArray<ReadonlyArray<number>>
      readonly remember: { readonly id: string; readonly isStale: boolean; readonly until: number } | null
    }
  | { readonly _tag: "Erase"; readonly account: "one" | "another"; readonly subject: string; readonly limit: number }

type CommitStep = Extract<Step, { readonly _tag: "Commit" }>

const ids = ["a", "b", "c", "d"]
const commands = ["agent:1/k", "agent:2/k"]
const subjects = ["v1", "v2"]
const time = fc.nat({ max: 9 })
const texts = fc.array(fc.nat({ max: 7 }), { maxLength: 3 })
const account = fc.constantFrom("one" as const, "another" as const)

const anyCommit: fc.Arbitrary<CommitStep> = fc.record({
  _tag: fc.constant("Commit" as const),
  account,
  keys: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...ids),
      isStale: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      act: fc.constantFrom("put" as const, "put" as const, "remove" as const, "expect" as const),
      due: fc.option(time),
      texts
    }),
    { selector: ({ id }) => id }
  ),
  newTexts: fc.array(fc.constantFrom(...subjects), { maxLength: 2 }),
  events: fc.array(texts, { maxLength: 2 }),
  remember: fc.option(fc.record({ id: fc.constantFrom(...commands), isStale: fc.boolean(), until: time }))
})

const anyErasure = fc.record({
  _tag: fc.constant("Erase" as const),
  account,
  subject: fc.constantFrom(...subjects),
  limit: fc.integer({ min: 1, max: 3 })
})

const anyStep: fc.Arbitrary<Step> = fc.oneof({ weight: 6, arbitrary: anyCommit }, anyErasure)

/** An account's store, as simple as can be: maps and a list. */
class Model {
  readonly records = new Map<
    string,
    { readonly version: number; readonly value: unknown; readonly due: number | null; readonly texts: Iterable<string> }
  >()
  readonly texts = new Map<string, { readonly subject: string; readonly value: string }>()
  readonly log: Array<{ readonly id: string; readonly position: number; readonly texts: ReadonlyArray<string> }> = []
  readonly versions = new Map<string, Set<number>>()
  textCount = 0

  named(numbers: ReadonlyArray<number>) {
    return numbers.filter((n) => n < this.textCount).map((n) => ref(`t${n}`))
  }

  textsOf(refs: Iterable<string>): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const one of refs) {
      const text = this.texts.get(one)
      if (text !== undefined) found.set(one, text.value)
    }
    return found
  }

  dueOf(among: ReadonlyArray<string>, now: number): ReadonlyArray<string> {
    return among
      .flatMap((id) => {
        const due = this.records.get(id)?.due ?? null
        return due === null || due > now ? [] : [{ due, id }]
      })
      .sort((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id)
  }
}

/** A store does what maps and a list do, whatever is asked of it, in two accounts that know nothing of each other. */
export const modelLaw = <Records extends CommonRecords, Payload>(name: string, kit: LawKit<Records, Payload>): void => {
  type Store = RecordStore<Records, Payload>
  const keyOf = (id: string) => (ids.includes(id) ? kit.key(id) : ({ kind: "command", id } as unknown as Key<Records>))

  /** The commit of a step, and the keys that make it lose. */
  const changeOf = (model: Model, step: CommitStep, n: number) => {
    const contents = step.newTexts.map((of, i) => ({
      ref: ref(`t${model.textCount + i}`),
      subject: subject(of),
      salt: "00",
      value: `text ${n}.${i}`
    }))
    model.textCount += contents.length
    const expected = [...step.keys, ...(step.remember === null ? [] : [step.remember])].map(({ id, isStale }) => {
      const version = model.records.get(id)?.version ?? 0
      return { key: keyOf(id), isStale, version: isStale ? Number(version === 0) : version }
    })
    const puts = step.keys.filter(({ act }) => act === "put")
    const { remember } = step
    const change = kit.change({
      expect: expected.map(({ key, version }) => ({ key, version })),
      put: puts.map(({ due, id, texts: named }) =>
        kit.put(id, n, { contents: model.named(named), due: due === null ? null : at(due) })
      ),
      remove: step.keys.filter(({ act }) => act === "remove").map(({ id }) => kit.key(id)),
      contents,
      events: step.events.map((named, i) => ({
        ...kit.event(n, model.named(named)),
        id: Id.EventId.make(`event-${n}-${i}`)
      })),
      remember: remember === null ? null : { id: remember.id, digest: "d", answer: { n }, until: at(remember.until) }
    })
    return { change, contents, lost: expected.flatMap(({ isStale, key }) => (isStale ? [key] : [])) }
  }

  const commit = Effect.fnUntraced(function* (
    store: Store,
    of: Id.AccountId,
    model: Model,
    step: CommitStep,
    n: number
  ) {
    const { change, contents, lost } = changeOf(model, step, n)
    const done = yield* Effect.result(store.commit(of, change))
    if (Result.isFailure(done)) {
      expect(done.failure).toBeInstanceOf(Conflict)
      expect(done.failure).toMatchObject({ keys: lost })
      expect(lost.length).toBeGreaterThan(0)
      return
    }
    expect(lost).toEqual([])
    const { positions, versions } = done.success
    expect([versions.length, positions.length]).toEqual([change.put.length, change.events.length])
    for (const [i, of_] of step.newTexts.entries()) {
      const kept = contents[i]
      if (kept !== undefined) model.texts.set(kept.ref, { subject: of_, value: kept.value })
    }
    for (const { id } of change.remove) model.records.delete(id)
    const written = change.put.map(({ contents: named, due, key, value }) => ({ id: key.id, value, due, texts: named }))
    const { remember } = change
    const all = [
      ...written,
      ...(remember === null ? [] : [{ id: remember.id, value: remember, due: remember.until, texts: [] }])
    ]
    for (const [i, { id, ...held }] of all.entries()) {
      const [read] = yield* store.get(of, [keyOf(id)])
      const seen = model.versions.get(id) ?? new Set()
      expect(seen.has(read.version)).toBe(false)
      expect(versions[i] ?? read.version).toBe(read.version)
      model.versions.set(id, seen.add(read.version))
      model.records.set(id, { ...held, version: read.version })
    }
    for (const [i, { contents: named, id }] of change.events.entries()) {
      const position = positions[i] ?? 0
      expect(position).toBeGreaterThan(model.log.at(-1)?.position ?? 0)
      model.log.push({ id, position, texts: named })
    }
  })

  const erase = Effect.fnUntraced(function* (
    store: Store,
    of: Id.AccountId,
    model: Model,
    step: Extract<Step, { readonly _tag: "Erase" }>
  ) {
    const before = [...model.texts].filter(([, text]) => text.subject === step.subject).map(([name]) => ref(name))
    const done = yield* store.erase(of, subject(step.subject), step.limit)
    expect(done.erased).toBe(Math.min(before.length, step.limit))
    expect(done.isDone).toBe(before.length <= step.limit)
    const left = yield* store.contents(of, before)
    expect(left.size).toBe(before.length - done.erased)
    for (const one of before) if (!left.has(one)) model.texts.delete(one)
  })

  const compareRecords = Effect.fnUntraced(function* (store: Store, of: Id.AccountId, model: Model) {
    const keys = [...ids, ...commands].map(keyOf)
    const expected = keys.map((key) => {
      const held = model.records.get(key.id)
      return { key, version: held?.version ?? 0, value: held?.value ?? null }
    })
    const referred = [...model.records.values()].flatMap((held) => [...held.texts])
    expect(yield* store.get(of, keys)).toEqual(expected)
    expect(yield* store.getWithTexts(of, keys)).toEqual({ reads: expected, texts: model.textsOf(referred) })
    for (const now of [0, 4, 9]) {
      const due = yield* store.due(of, kit.kind, at(now), 3)
      expect(due.map(({ key }) => key.id)).toEqual(model.dueOf(ids, now).slice(0, 3))
      const forgettable = yield* store.due(of, "command", at(now), 3)
      expect(forgettable.map(({ key }) => key.id)).toEqual(model.dueOf(commands, now))
    }
  })

  const compareLog = Effect.fnUntraced(function* (store: Store, of: Id.AccountId, model: Model) {
    const all = Array.from({ length: model.textCount }, (_, n) => ref(`t${n}`))
    expect(yield* store.contents(of, all)).toEqual(model.textsOf(all))
    for (const after of [0, ...model.log.map(({ position }) => position)]) {
      const page = yield* store.log(of, after, 3)
      const later = model.log.filter(({ position }) => position > after).slice(0, 3)
      const ends = page.entries.map(({ event, position }) => ({ id: event.id, position }))
      expect(ends).toEqual(later.map(({ id, position }) => ({ id, position })))
      expect(page.texts).toEqual(model.textsOf(later.flatMap((entry) => entry.texts)))
      // gaps are allowed, going back is not
      expect(page.next).toBeGreaterThanOrEqual(later.at(-1)?.position ?? after)
    }
  })

  const play = (store: Store, steps: ReadonlyArray<Step>) =>
    Effect.gen(function* () {
      const models = { one: new Model(), another: new Model() }
      for (const [n, step] of steps.entries()) {
        const of = Id.AccountId.make(step.account)
        if (step._tag === "Commit") yield* commit(store, of, models[step.account], step, n)
        else yield* erase(store, of, models[step.account], step)
        for (const each of ["one", "another"] as const) {
          yield* compareRecords(store, Id.AccountId.make(each), models[each])
          yield* compareLog(store, Id.AccountId.make(each), models[each])
        }
      }
    })

  it(`${name} agrees with plain maps, whatever is committed and erased in two accounts (K2, J2, J4, K1)`, () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 25, size: "max" }), (steps) =>
        Effect.runPromise(kit.withStore((store) => play(store, steps)))
      ),
      { numRuns: 60 }
    ))
}
