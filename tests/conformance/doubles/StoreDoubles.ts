import { Effect, Stream } from "effect"
import type { Content, Id } from "leadline"
import type { DeskRecords, DeskStoreShape, Key, LogEntry, Read } from "leadline/ports"
import { type Break, type Doubles, mapped, pause } from "./Double.ts"

type Store = DeskStoreShape
type Reads = ReadonlyArray<Read<DeskRecords>>

/** What `get` answers is changed; `getWithTexts` is not. */
const reads =
  (change: (answer: Reads, asked: ReadonlyArray<Key<DeskRecords>>) => Reads): Break<Store> =>
  (store) => ({
    get: ((account: Id.AccountId, keys: ReadonlyArray<Key<DeskRecords>>) =>
      Effect.map(store.get(account, keys), (answer) => change(answer, keys))) as unknown as Store["get"]
  })

/** Every id is folded before it is used, and given back as it was asked for. */
const folds =
  (fold: (id: string) => string): Break<Store> =>
  (store) => {
    const folded = <K extends Key<DeskRecords>>(key: K): K => ({ ...key, id: fold(key.id) })
    return {
      get: ((account: Id.AccountId, keys: ReadonlyArray<Key<DeskRecords>>) =>
        Effect.map(store.get(account, keys.map(folded)), (answer) =>
          answer.map((read, n) => ({ ...read, key: keys[n] ?? read.key }))
        )) as unknown as Store["get"],
      commit: (account, asked) => {
        const put = asked.put.map((one) => ({ ...one, key: folded(one.key) }) as typeof one)
        const expected = new Map(asked.expect.map((one) => [fold(one.key.id), { ...one, key: folded(one.key) }]))
        const once = new Map(put.map((one) => [one.key.id, one]))
        return store.commit(account, { ...asked, expect: [...expected.values()], put: [...once.values()] })
      }
    }
  }

/** Keeps every text that it ever gave out of a member, and gives it again. */
const remembering = () => {
  const kept = new Map<Content.ContentRef, string>()
  return (texts: Content.Texts): Content.Texts => {
    for (const [ref, text] of texts) kept.set(ref, text)
    return new Map(kept)
  }
}

/** Events of every fourth commit are seen some time after those of later ones: their position was taken too early. */
const slowCommits: Break<Store> = (store) => {
  const hidden = new Set<number>()
  let commits = 0
  return {
    commit: (account, asked) =>
      Effect.gen(function* () {
        const isSlow = commits++ % 4 === 0
        const done = yield* store.commit(account, asked)
        if (!isSlow) return done
        for (const position of done.positions) hidden.add(position)
        yield* pause(12)
        for (const position of done.positions) hidden.delete(position)
        return done
      }),
    log: mapped(store, "log", (page) => ({
      ...page,
      entries: page.entries.filter(({ position }) => !hidden.has(position))
    }))
  }
}

/** Wakes before what was written can be read, and not again. */
const wakesEarly: Break<Store> = (store) => {
  const hidden = new Set<number>()
  return {
    commit: (account, asked) =>
      Effect.tap(store.commit(account, asked), ({ positions }) =>
        Effect.gen(function* () {
          for (const position of positions) hidden.add(position)
          yield* pause(60)
          for (const position of positions) hidden.delete(position)
        })
      ),
    log: (account, after, limit) =>
      Effect.map(store.log(account, after, limit), (page) => {
        const end = page.entries.findIndex(({ position }) => hidden.has(position))
        const entries = end < 0 ? page.entries : page.entries.slice(0, end)
        return { ...page, entries, next: entries.at(-1)?.position ?? after }
      })
  }
}

/** One wake-up for several accounts: whose commit came first gets it. */
const sharesWakeUps: Break<Store> = (store) => {
  let writers: ReadonlyArray<Id.AccountId> = []
  return {
    commit: (account, asked) =>
      Effect.suspend(() => {
        writers = [...writers, account].slice(-2)
        return store.commit(account, asked)
      }),
    changes: (account) => Stream.filter(store.changes(account), () => writers.every((writer) => writer === account))
  }
}

const withEntries =
  (change: (entries: ReadonlyArray<LogEntry<never>>) => ReadonlyArray<unknown>): Break<Store> =>
  (store) => ({
    log: mapped(store, "log", (page) => ({
      ...page,
      entries: change(page.entries as ReadonlyArray<LogEntry<never>>) as typeof page.entries
    }))
  })

/** Deadlines of records that were put otherwise, or removed, come again. */
const oldDeadlines =
  (which: "removed" | "moved"): Break<Store> =>
  (store) => {
    const old: Array<{ readonly kind: string; readonly id: string; readonly due: number }> = []
    const held = new Map<string, number>()
    return {
      commit: (account, asked) =>
        Effect.tap(store.commit(account, asked), () =>
          Effect.sync(() => {
            const written = which === "removed" ? asked.remove : asked.put.map(({ key }) => key)
            for (const { id, kind } of written) {
              const due = held.get(id)
              if (due !== undefined) old.push({ kind, id, due })
            }
            for (const { due, key } of asked.put) if (due !== null) held.set(key.id, due)
          })
        ),
      due: ((account: Id.AccountId, kind: keyof DeskRecords, now: number, limit: number) =>
        Effect.map(store.due(account, kind, now as never, limit), (found) => [
          ...found,
          ...old
            .filter((one) => one.kind === kind && one.due <= now)
            .map((one) => ({ key: { kind, id: one.id }, version: 0, value: null, due: one.due }))
        ])) as unknown as Store["due"]
    }
  }

/** What is handed out is kept, and handed out again. */
const sharesReads: Break<Store> = (store) => {
  const shared = new Map<string, Read<DeskRecords>>()
  return {
    get: ((account: Id.AccountId, keys: ReadonlyArray<Key<DeskRecords>>) =>
      Effect.map(store.get(account, keys), (answer: Reads) =>
        answer.map((read) => {
          const name = `${account}/${read.key.id}/${read.version}`
          const kept = shared.get(name) ?? structuredClone(read)
          shared.set(name, kept)
          return kept
        })
      )) as unknown as Store["get"]
  }
}

/** What was put, or logged, is kept as it was given: whoever gave it can still change it. */
const keepsGiven: Break<Store> = (store) => {
  const given = new Map<string, unknown>()
  return {
    commit: (account, asked) => {
      for (const { key, value } of asked.put) given.set(key.id, value)
      return store.commit(account, asked)
    },
    get: reads((answer) =>
      answer.map((read) => ({ ...read, value: given.get(read.key.id) ?? read.value }) as typeof read)
    )(store).get as Store["get"]
  }
}

const sharesLog: Break<Store> = (store) => {
  const shared = new Map<number, LogEntry<never>>()
  return withEntries((entries) =>
    entries.map((entry) => {
      const kept = shared.get(entry.position) ?? structuredClone(entry)
      shared.set(entry.position, kept)
      return kept
    })
  )(store)
}

/** Reads, log, wake-ups, deadlines, texts. */
export const storeDoubles: Doubles<Store> = {
  "store.get.missing": {
    "a missing record has a version": reads((answer) =>
      answer.map((read) => (read.value === null ? { ...read, version: 1 } : read))
    ),
    "missing records are left out": reads((answer) => answer.filter(({ value }) => value !== null))
  },
  "store.get.order": {
    "records come by id": reads((answer) => answer.toSorted((a, b) => (a.key.id < b.key.id ? -1 : 1))),
    "a record that is asked for twice comes once": reads((answer) => [
      ...new Map(answer.map((read) => [read.key.id, read])).values()
    ])
  },
  "store.get.exact": {
    "ids are compared without case": folds((id) => id.toLowerCase()),
    "ids are normalised to NFC": folds((id) => id.normalize("NFC")),
    "ids are compared without accents": folds((id) => id.normalize("NFD").replaceAll(/\p{M}/gu, ""))
  },
  "store.get.isolation": {
    "readers share what they read": sharesReads,
    "the value that was put is kept as it is": keepsGiven,
    "readers of the log share what they read": sharesLog
  },
  "store.get.texts": {
    "texts do not come": (store) => ({
      getWithTexts: mapped(store, "getWithTexts", (found) => ({ ...found, texts: new Map() }))
    }),
    "texts of earlier puts come, too": (store) => {
      const keep = remembering()
      return {
        getWithTexts: mapped(store, "getWithTexts", (found) => ({
          ...found,
          texts: keep(found.texts)
        }))
      }
    }
  },
  "store.log.order": {
    "the cursor repeats: a page begins with its position": (store) => ({
      log: (account, after, limit) => store.log(account, Math.max(0, after - 1), limit)
    }),
    "a page skips an event": (store) => ({
      log: (account, after, limit) => store.log(account, after === 0 ? 0 : after + 1, limit)
    }),
    "next is one too many": (store) => ({
      log: mapped(store, "log", (page) => ({ ...page, next: page.entries.length > 0 ? page.next + 1 : page.next }))
    }),
    "next goes back where there is nothing": (store) => ({
      log: mapped(store, "log", (page) => ({ ...page, next: page.entries.length > 0 ? page.next : 0 }))
    }),
    "pages are longer than asked": (store) => ({
      log: (account, after, limit) => store.log(account, after, limit + 1)
    }),
    "the latest come first": withEntries((entries) => entries.toReversed())
  },
  "store.log.whole": {
    "the surface is lost": withEntries((entries) =>
      entries.map((entry) => ({ ...entry, event: { ...entry.event, surface: "chat" } }))
    ),
    "the texts' references are lost": withEntries((entries) =>
      entries.map((entry) => ({ ...entry, event: { ...entry.event, contents: [] } }))
    )
  },
  "store.log.texts": {
    "texts do not come": (store) => ({ log: mapped(store, "log", (page) => ({ ...page, texts: new Map() })) }),
    "texts of earlier pages come, too": (store) => {
      const keep = remembering()
      return { log: mapped(store, "log", (page) => ({ ...page, texts: keep(page.texts) })) }
    }
  },
  "store.log.everyEventOnce": {
    "a slow commit's events appear behind the readers": slowCommits,
    "the cursor repeats an event where a page is full": (store) => ({
      log: mapped(store, "log", (page, _account, _after, limit) => ({
        ...page,
        next: page.entries.length === limit && limit > 1 ? page.next - 1 : page.next
      }))
    })
  },
  "store.changes.first": {
    "nothing comes when one subscribes": (store) => ({ changes: (of) => Stream.drop(store.changes(of), 1) })
  },
  "store.changes.afterCommit": {
    "a wake-up that comes while the reader is busy is dropped": (store) => ({
      changes: (of) => Stream.concat(Stream.take(store.changes(of), 2), Stream.never)
    })
  },
  "store.changes.everyEvent": {
    "readers are woken before they can read": wakesEarly,
    "every second wake-up is lost": (store) => ({
      changes: (of) => {
        let wakes = 0
        return Stream.filter(store.changes(of), () => wakes++ % 2 === 0 && wakes < 20)
      }
    })
  },
  "store.changes.account": { "accounts share a wake-up": sharesWakeUps },
  "store.due.order": {
    "by id, not by deadline": (store) => ({
      due: mapped(store, "due", (found) => found.toSorted((a, b) => (a.key.id < b.key.id ? -1 : 1)))
    }),
    "ids by a locale, not by code unit": (store) => ({
      due: mapped(store, "due", (found) =>
        found.toSorted((a, b) => a.due - b.due || a.key.id.localeCompare(b.key.id, "en"))
      )
    }),
    "what is due now does not come": (store) => ({
      due: mapped(store, "due", (found, _account, _kind, now) => found.filter(({ due }) => due < now))
    }),
    "the limit is forgotten": (store) => ({ due: (of, kind, now) => store.due(of, kind, now, 99) })
  },
  "store.due.moved": {
    "deadlines are kept after a removal": oldDeadlines("removed"),
    "old deadlines are kept after a put": oldDeadlines("moved")
  },
  "store.contents.get": {
    "an unknown text is empty": (store) => ({
      contents: mapped(
        store,
        "contents",
        (found, _account, refs) => new Map(refs.map((ref) => [ref, found.get(ref) ?? ""]))
      )
    })
  },
  "store.contentCount.left": {
    "a record is counted with those of its id": (store) => ({
      contentCount: (of, subject) =>
        store.contentCount(of, subject._tag === "Record" ? { ...subject, kind: "lead" } : subject)
    }),
    "one too many": (store) => ({ contentCount: mapped(store, "contentCount", (count) => count + 1) })
  },
  "store.erase.batches": {
    "the limit is forgotten": (store) => ({ erase: (of, subject) => store.erase(of, subject, 99) }),
    "done is said too early": (store) => ({ erase: mapped(store, "erase", (done) => ({ ...done, isDone: true })) })
  },
  "store.erase.repeat": {
    "never done": (store) => ({ erase: mapped(store, "erase", (done) => ({ ...done, isDone: done.erased > 0 })) }),
    "counts what is gone": (store) => ({ erase: mapped(store, "erase", (done) => ({ ...done, erased: 3 })) })
  },
  "store.erase.everywhere": {
    "erased texts come with their records": (store) => {
      const keep = remembering()
      return {
        getWithTexts: mapped(store, "getWithTexts", (found) => ({
          ...found,
          texts: keep(found.texts)
        }))
      }
    },
    "erased texts come with the log": (store) => {
      const keep = remembering()
      return { log: mapped(store, "log", (page) => ({ ...page, texts: keep(page.texts) })) }
    },
    "erased texts come by reference": (store) => {
      const keep = remembering()
      return { contents: mapped(store, "contents", keep) }
    }
  },
  "store.erase.unsupported": {
    "does nothing, and says that it is done": (store) => ({
      capabilities: { ...store.capabilities, erase: false },
      erase: () => Effect.succeed({ erased: 0, isDone: true })
    })
  },
  "store.model.agrees": {
    "the fourth event of a page is lost": (store) => ({
      log: (account, after, limit) => store.log(account, after === 3 ? 4 : after, limit)
    }),
    "a record's texts are lost when it is put again": (store) => {
      const put = new Map<string, number>()
      return {
        commit: (account, asked) =>
          store.commit(account, {
            ...asked,
            put: asked.put.map((one) => {
              const times = (put.get(one.key.id) ?? 0) + 1
              put.set(one.key.id, times)
              return times > 1 ? { ...one, contents: [] } : one
            })
          })
      }
    }
  }
}
