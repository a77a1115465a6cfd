import { Effect } from "effect"
import type { Id } from "leadline"
import {
  type Commit,
  Conflict,
  type DeskPayload,
  type DeskRecords,
  type DeskStoreShape,
  type Key
} from "leadline/ports"
import { type Break, type Doubles, leaks, leaksOf, pause } from "./Double.ts"

type Store = DeskStoreShape
type Change = Commit<DeskRecords, DeskPayload>
type Expectation = Change["expect"][number]

const nameOf = ({ id, kind }: Key<DeskRecords>) => `${kind}/${id}`

/** Commits something else than what was asked for. */
const commits =
  (
    change: (asked: Change, store: Store, account: Id.AccountId) => Change | Effect.Effect<Change, never>
  ): Break<Store> =>
  (store) => ({
    commit: (account, asked) =>
      Effect.flatMap(
        Effect.suspend(() => {
          const changed = change(asked, store, account)
          return Effect.isEffect(changed) ? changed : Effect.succeed(changed)
        }),
        (changed) => store.commit(account, changed)
      )
  })

/** Does not compare some expectations: they are made to fit what is there. */
const forgets = (which: (expected: Expectation, n: number, asked: Change) => boolean): Break<Store> =>
  commits((asked, store, account) =>
    Effect.map(
      Effect.orDie(
        store.get(
          account,
          asked.expect.map(({ key }) => key)
        )
      ),
      (reads) => ({
        ...asked,
        expect: asked.expect.map((one, n) => ({
          ...one,
          version: which(one, n, asked) ? (reads[n]?.version ?? 0) : one.version
        }))
      })
    )
  )

const isWritten = ({ key }: Expectation, asked: Change) =>
  [...asked.put.map((put) => put.key), ...asked.remove].some((written) => nameOf(written) === nameOf(key))

/** Compares, and writes later: two steps, between which others come. */
const checksThenActs =
  (which: (expected: Expectation) => boolean): Break<Store> =>
  (store) => {
    const current = (account: Id.AccountId, asked: Change) =>
      store.get(
        account,
        asked.expect.map(({ key }) => key)
      )
    return {
      commit: (account, asked) =>
        Effect.gen(function* () {
          const before = yield* current(account, asked)
          const lost = asked.expect.filter(({ version }, n) => version !== before[n]?.version)
          if (lost.length > 0) return yield* new Conflict({ keys: lost.map(({ key }) => key) })
          yield* pause()
          const write = Effect.flatMap(current(account, asked), (reads) =>
            store.commit(account, {
              ...asked,
              expect: asked.expect.map((one, n) => (which(one) ? { ...one, version: reads[n]?.version ?? 0 } : one))
            })
          )
          return yield* Effect.retry(write, {
            while: (error) => error._tag === "Conflict" && asked.expect.every(which)
          })
        })
    }
  }

/** Versions count from 1 again for a record that was removed. */
const versionsAnew: Break<Store> = (store) => {
  const shown = new Map<string, number>()
  const nameIn = (account: Id.AccountId, key: Key<DeskRecords>) => `${account}/${nameOf(key)}`
  return {
    get: ((account: Id.AccountId, keys: ReadonlyArray<Key<DeskRecords>>) =>
      Effect.map(store.get(account, keys), (reads) =>
        reads.map((read) => ({ ...read, version: shown.get(nameIn(account, read.key)) ?? 0 }))
      )) as unknown as Store["get"],
    commit: (account, asked) =>
      Effect.gen(function* () {
        const reads = yield* store.get(
          account,
          asked.expect.map(({ key }) => key)
        )
        const expected = asked.expect.map(({ key, version }, n) => ({
          key,
          version: (shown.get(nameIn(account, key)) ?? 0) === version ? (reads[n]?.version ?? 0) : -1
        }))
        const done = yield* store.commit(account, { ...asked, expect: expected })
        for (const { key } of asked.put) shown.set(nameIn(account, key), (shown.get(nameIn(account, key)) ?? 0) + 1)
        for (const key of asked.remove) shown.delete(nameIn(account, key))
        return { ...done, versions: asked.put.map(({ key }) => shown.get(nameIn(account, key)) ?? 0) }
      })
  }
}

/** A put of what is there already is left out: the version does not move. */
const savesWrites: Break<Store> = (store) => ({
  commit: (account, asked) =>
    Effect.gen(function* () {
      const reads = yield* store.get(
        account,
        asked.put.map(({ key }) => key)
      )
      const isEqual = asked.put.map(({ value }, n) => JSON.stringify(value) === JSON.stringify(reads[n]?.value))
      const put = asked.put.filter((_, n) => isEqual[n] !== true)
      const done = yield* store.commit(account, { ...asked, put })
      const rest = [...done.versions]
      return { ...done, versions: isEqual.map((same, n) => (same ? (reads[n]?.version ?? 0) : (rest.shift() ?? 0))) }
    })
})

/** The first record is there some time before the others. */
const inTwoSteps: Break<Store> = (store) => ({
  commit: (account, asked) =>
    Effect.gen(function* () {
      const [first, ...rest] = asked.put
      if (first === undefined || rest.length === 0) return yield* store.commit(account, asked)
      const isFirst = ({ key }: Expectation) => nameOf(key) === nameOf(first.key)
      const empty = { remove: [], contents: [], events: [], remember: null }
      const begun = yield* store.commit(account, { ...empty, expect: asked.expect.filter(isFirst), put: [first] })
      yield* pause()
      const others = asked.expect.filter((one) => !isFirst(one))
      const done = yield* store.commit(account, { ...asked, expect: others, put: rest })
      return { ...done, versions: [...begun.versions, ...done.versions] }
    })
})

/** Events, or texts, are written before anything is compared. */
const early = (part: "events" | "contents"): Break<Store> =>
  commits((asked, store, account) => {
    const nothing = { expect: [], put: [], remove: [], contents: [], events: [], remember: null }
    const begun = store.commit(account, { ...nothing, [part]: asked[part] })
    return Effect.as(Effect.orDie(begun), { ...asked, [part]: [] })
  })

/** The one write. */
export const commitDoubles: Doubles<Store> = {
  "store.account.separate": leaksOf<Store>(
    ...(["get", "getWithTexts", "log", "due", "contents", "contentCount"] as const)
  ),
  "store.account.untouched": { "a commit goes to the account that was first": leaks("commit") },
  "store.account.erased": { "erase forgets the account": leaks("erase") },
  "store.commit.conflict": {
    "events are written before the versions are compared": early("events"),
    "texts are written before the versions are compared": early("contents"),
    "only the first lost key is named": (store) => ({
      commit: (account, asked) =>
        Effect.mapError(store.commit(account, asked), (error) =>
          error._tag === "Conflict" ? new Conflict({ keys: error.keys.slice(0, 1) }) : error
        )
    })
  },
  "store.commit.everyExpectation": {
    "the last expectation is forgotten": forgets((_, n, { expect }) => n === expect.length - 1),
    "the first expectation is forgotten": forgets((_, n) => n === 0),
    "absences are forgotten": forgets(({ version }) => version === 0),
    "an expected absence is taken for any version below": forgets(({ version }) => version > 100_000),
    "what is only expected is forgotten": forgets((one, _, asked) => !isWritten(one, asked)),
    "what is removed is forgotten": forgets(({ key }, _, asked) =>
      asked.remove.some((one) => nameOf(one) === nameOf(key))
    ),
    "the remembered command is forgotten": forgets(({ key }) => key.kind === "command")
  },
  "store.commit.unexpected": {
    "what is not expected is written all the same": commits((asked, store, account) => {
      const keys = [...asked.put.map(({ key }) => key), ...asked.remove]
      if (asked.remember !== null) keys.push({ kind: "command", id: asked.remember.id })
      const missing = keys.filter((key) => !asked.expect.some((one) => nameOf(one.key) === nameOf(key)))
      return Effect.map(Effect.orDie(store.get(account, missing)), (reads) => ({
        ...asked,
        expect: [...asked.expect, ...reads.map(({ key, version }) => ({ key, version }))]
      }))
    }),
    "of two puts of a key the last is taken": commits((asked) => ({
      ...asked,
      put: [...new Map(asked.put.map((one) => [nameOf(one.key), one])).values()]
    }))
  },
  "store.commit.versions": {
    "versions are used again after a removal": versionsAnew,
    "the versions given are not those that are read": (store) => ({
      commit: (account, asked) =>
        Effect.map(store.commit(account, asked), (done) => ({ ...done, versions: done.versions.map((one) => one + 1) }))
    })
  },
  "store.commit.removes": { "a removal is forgotten": commits((asked) => ({ ...asked, remove: [] })) },
  "store.commit.repeated": { "a put of an equal value moves no version": savesWrites },
  "store.commit.remembers": {
    "the answer is forgotten": commits((asked) => ({ ...asked, remember: null })),
    "the answer is kept for ever": (store) => ({
      due: (account, kind, now, limit) =>
        kind === "command" ? Effect.succeed([]) : store.due(account, kind, now, limit)
    })
  },
  "store.commit.whole": {
    "no more than 20 records are written": commits((asked) => ({ ...asked, put: asked.put.slice(0, 20) })),
    "no more than 20 events are written": commits((asked) => ({ ...asked, events: asked.events.slice(0, 20) })),
    "no more than 20 texts are written": commits((asked) => ({ ...asked, contents: asked.contents.slice(0, 20) }))
  },
  "store.commit.oneWinner": { "comparing and writing are two steps": checksThenActs(() => true) },
  "store.inTurn.alone": {
    "everybody has a turn at once": () => ({ inTurn: (_account, _key, effect) => effect })
  },
  "store.commit.absence": {
    "an absence is checked before the write, not in it": checksThenActs(({ version }) => version === 0),
    "who expects an absence conflicts with everybody": (store) => {
      let isBusy = false
      return {
        commit: (account, asked) =>
          Effect.gen(function* () {
            if (isBusy) return yield* new Conflict({ keys: asked.expect.map(({ key }) => key) })
            isBusy = true
            yield* pause()
            return yield* Effect.ensuring(
              store.commit(account, asked),
              Effect.sync(() => {
                isBusy = false
              })
            )
          })
      }
    }
  },
  "store.commit.rememberedOnce": {
    "whether a command was remembered is checked before the write": checksThenActs(({ key }) => key.kind === "command")
  },
  "store.commit.everyIncrement": {
    "comparing and writing are two steps": checksThenActs(() => true),
    "after a conflict the write is tried again on the new version": (store) => ({
      commit: (account, asked) =>
        Effect.catchTag(
          store.commit(account, asked),
          "Conflict",
          () => forgets(() => true)(store).commit?.(account, asked) ?? Effect.never
        )
    })
  },
  "store.commit.atomic": { "records are written one after another": inTwoSteps }
}
