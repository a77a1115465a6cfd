import { Effect, Result } from "effect"
import * as Id from "../../domain/account/Id.ts"
import type { CommonRecords } from "../../ports/RecordStore.ts"
import * as Expect from "./Expect.ts"
import type { Accounts, Law } from "./Law.ts"
import { at, ref, type Store, type StoreKit, subject } from "./StoreKit.ts"
import * as StoreModel from "./StoreModel.ts"

/** decision: with {@link StoreModel.anyScript} about a thousand operations, a second on a server. */
const RUNS = 20

/** A store does what maps and a list do, whatever is asked of it, in two accounts that know nothing of each other. */
export const storeModelLaw = <R, Records extends CommonRecords, Payload>(
  kit: StoreKit<R, Records, Payload>
): Law<R> => {
  type Held = Store<Records, Payload>
  const keyOf = (id: string) => (StoreModel.IDS.includes(id) ? kit.key(id) : kit.commandKey(id))

  /** The commit of a step, and the keys that make it lose. */
  const changeOf = (model: StoreModel.Model, step: StoreModel.CommitStep, n: number) => {
    const contents = step.newTexts.map((of, i) => ({
      ...{ ref: ref(`t${model.textCount + i}`), subject: subject(of) },
      ...{ salt: "00", value: `text ${n}.${i}` }
    }))
    model.textCount += contents.length
    const expected = [...step.keys, ...(step.remember === null ? [] : [step.remember])].map(({ id, isStale }) => {
      const version = model.records.get(id)?.version ?? 0
      return { key: keyOf(id), isStale, version: isStale ? Number(version === 0) : version }
    })
    const { remember } = step
    const change = kit.change({
      expect: expected.map(({ key, version }) => ({ key, version })),
      put: step.keys
        .filter(({ act }) => act === "put")
        .map(({ due, id, texts }) =>
          kit.put(id, n, { contents: StoreModel.named(model, texts), due: due === null ? null : at(due) })
        ),
      remove: step.keys.filter(({ act }) => act === "remove").map(({ id }) => kit.key(id)),
      contents,
      events: step.events.map((texts, i) => ({
        ...kit.event(n, StoreModel.named(model, texts)),
        id: Id.EventId.make(`event-${n}-${i}`)
      })),
      remember: remember === null ? null : { id: remember.id, digest: "d", answer: { n }, until: at(remember.until) }
    })
    return { change, contents, lost: expected.flatMap(({ isStale, key }) => (isStale ? [key] : [])) }
  }

  const commit = Effect.fnUntraced(function* (
    store: Held,
    account: Id.AccountId,
    model: StoreModel.Model,
    step: StoreModel.CommitStep,
    n: number
  ) {
    const { change, contents, lost } = changeOf(model, step, n)
    const done = yield* Effect.result(store.commit(account, change))
    if (Result.isFailure(done)) {
      const refusal = { _tag: "Conflict", keys: lost }
      yield* Expect.matches("commit", done.failure, lost.length > 0 ? refusal : "no refusal")
      return
    }
    yield* Expect.same("keys expected wrongly by a commit that was done", lost, [])
    const { positions, versions } = done.success
    const counts = [change.put.length, change.events.length]
    yield* Expect.same("how many versions and positions", [versions.length, positions.length], counts)
    for (const [i, of] of step.newTexts.entries()) {
      const kept = contents[i]
      if (kept !== undefined) model.texts.set(kept.ref, { subject: of, value: kept.value })
    }
    for (const { id } of change.remove) model.records.delete(id)
    yield* remember(store, account, model, change, versions)
    for (const [i, { contents: texts, id }] of change.events.entries()) {
      const position = positions[i] ?? 0
      const last = model.log.at(-1)?.position ?? 0
      yield* Expect.holds("position", position > last, position, `above ${last}`)
      model.log.push({ id, position, texts })
    }
  })

  /** What was written, with its versions, which nobody can know before. */
  const remember = Effect.fnUntraced(function* (
    store: Held,
    account: Id.AccountId,
    model: StoreModel.Model,
    change: Parameters<Held["commit"]>[1],
    versions: ReadonlyArray<number>
  ) {
    const command = change.remember
    const written = [
      ...change.put.map(({ contents: texts, due, key, value }) => ({ id: key.id, value, due, texts })),
      ...(command === null ? [] : [{ id: command.id, value: command, due: command.until, texts: [] }])
    ]
    const reads = yield* store.get(
      account,
      written.map(({ id }) => keyOf(id))
    )
    for (const [i, { id, ...held }] of written.entries()) {
      const version = reads[i]?.version ?? 0
      const seen = model.versions.get(id) ?? new Set()
      yield* Expect.holds(`version of ${id}`, !seen.has(version), version, "one that it never had")
      yield* Expect.same(`version of ${id} that commit gave`, versions[i] ?? version, version)
      model.versions.set(id, seen.add(version))
      model.records.set(id, { ...held, version })
    }
  })

  const erase = Effect.fnUntraced(function* (
    store: Held,
    account: Id.AccountId,
    model: StoreModel.Model,
    step: StoreModel.EraseStep
  ) {
    const before = [...model.texts].filter(([, text]) => text.subject === step.subject).map(([name]) => ref(name))
    const done = yield* store.erase(account, subject(step.subject), step.limit)
    const expected = { erased: Math.min(before.length, step.limit), isDone: before.length <= step.limit }
    yield* Expect.same("erase", done, expected)
    const left = yield* store.contents(account, before)
    yield* Expect.same("texts left by erase", left.size, before.length - done.erased)
    for (const one of before) if (!left.has(one)) model.texts.delete(one)
  })

  const compareRecords = Effect.fnUntraced(function* (store: Held, account: Id.AccountId, model: StoreModel.Model) {
    const keys = [...StoreModel.IDS, ...StoreModel.COMMANDS].map(keyOf)
    const expected = keys.map((key) => {
      const held = model.records.get(key.id)
      return { key, version: held?.version ?? 0, value: held?.value ?? null }
    })
    const texts = StoreModel.textsOf(
      model,
      [...model.records.values()].flatMap((held) => [...held.texts])
    )
    yield* Expect.same("get", yield* store.get(account, keys), expected)
    yield* Expect.same("getWithTexts", yield* store.getWithTexts(account, keys), { reads: expected, texts })
    const due = yield* store.due(account, kit.kind, at(4), 3)
    const ids = StoreModel.dueOf(model, StoreModel.IDS, 4).slice(0, 3)
    yield* Expect.same(
      "due at 4",
      due.map(({ key }) => key.id),
      ids
    )
    const forgettable = yield* store.due(account, "command", at(9), 3)
    const commands = StoreModel.dueOf(model, StoreModel.COMMANDS, 9)
    yield* Expect.same(
      "commands due at 9",
      forgettable.map(({ key }) => key.id),
      commands
    )
  })

  const compareLog = Effect.fnUntraced(function* (
    store: Held,
    account: Id.AccountId,
    model: StoreModel.Model,
    from: Iterable<number>
  ) {
    const all = Array.from({ length: model.textCount }, (_, i) => ref(`t${i}`))
    yield* Expect.same("contents", yield* store.contents(account, all), StoreModel.textsOf(model, all))
    for (const after of from) {
      const page = yield* store.log(account, after, 3)
      const later = model.log.filter(({ position }) => position > after).slice(0, 3)
      const ends = page.entries.map(({ event, position }) => ({ id: event.id, position }))
      yield* Expect.same(
        `log after ${after}`,
        ends,
        later.map(({ id, position }) => ({ id, position }))
      )
      const texts = StoreModel.textsOf(
        model,
        later.flatMap((entry) => entry.texts)
      )
      yield* Expect.same(`texts of the log after ${after}`, page.texts, texts)
      // gaps are allowed, going back is not
      const end = later.at(-1)?.position ?? after
      yield* Expect.holds(`next of the log after ${after}`, page.next >= end, page.next, `${end} or later`)
    }
  })

  const play = (store: Held, steps: ReadonlyArray<StoreModel.Step>, accounts: Accounts) =>
    Effect.gen(function* () {
      const models = { account: StoreModel.empty(), other: StoreModel.empty() }
      for (const [n, step] of steps.entries()) {
        const [account, model] = [accounts[step.whose], models[step.whose]]
        if (step._tag === "Commit") yield* commit(store, account, model, step, n)
        else yield* erase(store, account, model, step)
        yield* compareRecords(store, account, model)
        // the whole, and from one place in it
        yield* compareLog(store, account, model, [0, model.log[n % Math.max(1, model.log.length)]?.position ?? 0])
      }
      for (const whose of ["account", "other"] as const) {
        yield* compareRecords(store, accounts[whose], models[whose])
        const everywhere = models[whose].log.map(({ position }) => position)
        yield* compareLog(store, accounts[whose], models[whose], [0, ...everywhere])
      }
    })

  return kit.law(
    {
      id: "store.model.agrees",
      sentence: "a store does what plain maps and a list do, whatever is committed and erased, in two accounts",
      rules: ["K2", "J2", "J4", "K1"],
      group: "model"
    },
    (store, world) =>
      world.forAll(StoreModel.anyScript(store.capabilities.erase), RUNS, (steps, accounts) =>
        play(store, steps, accounts)
      )
  )
}
