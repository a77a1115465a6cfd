import type { Content } from "leadline"
import type { Commit, CommonRecords, Key, Put } from "leadline/ports"
import * as QuickCommit from "./QuickCommit.ts"
import { flags, numbers, texts } from "./Statements.ts"
import * as StoredText from "./StoredText.ts"
import { kindOf, nameOf, type World } from "./World.ts"

/** A commit encoded for its statement: done once, also when it is sent again. */
export interface CommitRows {
  readonly keys: ReadonlyArray<KeyRow>
  readonly contents: ReadonlyArray<Content.StoredContent>
  readonly events: ReadonlyArray<EventRow>
  /** Which of `keys` are the change's `put`, in their order. */
  readonly puts: ReadonlyArray<number>
  /** Names of records: those it writes, and all it expects. */
  readonly written: ReadonlySet<string>
  readonly expected: ReadonlyArray<string>
  /** `null`: it cannot go the short way. */
  readonly quick: QuickCommit.Order | null
}

export interface KeyRow {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly act: "expect" | "put" | "remove"
  readonly value: string | null
  readonly texts: string | null
  readonly due: number | null
  readonly number: number | null
  readonly waits: boolean
  readonly places: string | null
}

interface EventRow {
  readonly stream: string
  readonly message: number | null
  readonly value: string
  readonly texts: string | null
}

const bare = { value: null, texts: null, due: null, number: null, waits: false, places: null }

/** Encodes a commit. A key that is written twice, or written and not expected, is a mistake of the caller: a defect. */
export const encode = <Records extends CommonRecords, Payload>(
  world: World<Records, Payload>,
  change: Commit<Records, Payload>
): CommitRows => {
  const remembered = change.remember
  const puts = new Map<string, Put<Records>>()
  const all = [...change.put, ...(remembered === null ? [] : [remembering<Records>(remembered)])]
  for (const put of all) {
    once(puts.has(nameOf(put.key)), put.key)
    puts.set(nameOf(put.key), put)
  }
  const removals = new Set<string>()
  for (const key of change.remove) {
    once(puts.has(nameOf(key)) || removals.has(nameOf(key)), key)
    removals.add(nameOf(key))
  }
  const places = new Map<string, number>()
  const keys = change.expect.map(({ key, version }, at): KeyRow => {
    const name = nameOf(key)
    const { id } = key
    const kind = kindOf(world, key.kind)
    const put = puts.get(name)
    if (put !== undefined) {
      places.set(name, at)
      return { kind, id, version, act: "put", ...putRow(world, put) }
    }
    return { kind, id, version, act: removals.has(name) ? "remove" : "expect", ...bare }
  })
  const expected = change.expect.map(({ key }) => nameOf(key))
  const known = new Set(expected)
  for (const name of [...puts.keys(), ...removals]) if (!known.has(name)) mistaken(name)
  return {
    keys,
    contents: change.contents,
    events: change.events.map((event) => ({
      stream: event.stream,
      message: world.messageNumber(event),
      value: JSON.stringify(world.events.encode(event)),
      texts: event.contents.length === 0 ? null : JSON.stringify(event.contents)
    })),
    puts: change.put.map(({ key }) => places.get(nameOf(key)) ?? 0),
    written: new Set([...puts.keys(), ...removals]),
    expected,
    quick: QuickCommit.orderOf({ keys })
  }
}

const putRow = <Records extends CommonRecords, Payload>(world: World<Records, Payload>, put: Put<Records>) => {
  const places = world.places(put)
  return {
    value: JSON.stringify(world.records[put.key.kind].encode(put.value)),
    texts: put.contents.length === 0 ? null : JSON.stringify(put.contents),
    due: put.due,
    places: places.length === 0 ? null : JSON.stringify(places),
    ...world.queue(put)
  }
}

/** An answer to remember is a record like others (K1). */
const remembering = <Records>(remember: NonNullable<Commit<Records, unknown>["remember"]>): Put<Records> =>
  ({ key: { kind: "command", id: remember.id }, value: remember, contents: [], due: remember.until }) as never

const once = <Records>(isAgain: boolean, key: Key<Records>): void => {
  if (isAgain) mistaken(nameOf(key))
}

const mistaken = (name: string): never => {
  throw new Error(`${name} is written twice, or is not expected`)
}

/** For a new statement: which commits may go together. None writes a record that another names; all go one way. */
export const boarding = (): ((rows: CommitRows) => boolean) => {
  const written = new Set<string>()
  const named = new Set<string>()
  let size = 0
  let quick: QuickCommit.Order | null = null
  return (rows) => {
    const order =
      size === 0 || quick === null || rows.quick === null ? rows.quick : QuickCommit.together(quick, rows.quick)
    if (size > 0 && (quick === null) !== (rows.quick === null)) return false
    if (order !== null && !QuickCommit.keepsOrder(order)) return false
    const grows = Math.max(rows.keys.length, rows.events.length)
    if (size > 0 && size + grows > MOST_ROWS) return false
    for (const name of rows.expected) if (written.has(name)) return false
    for (const name of rows.written) if (named.has(name)) return false
    for (const name of rows.expected) named.add(name)
    for (const name of rows.written) written.add(name)
    size += grows
    quick = order
    return true
  }
}

/** Versions and positions of one transaction are told apart by 12 bits (`0001_tables.sql`). */
export const MOST_ROWS = 4095

/** The statement that carries out commits of one account: `commit` of `0002_commit.sql`. */
export const statement = (schema: string): string =>
  `select tx, lost from ${schema}.commit($1, $2::int[], $3, $4, $5::bigint[], $6, $7, $8, $9::bigint[], $10::bigint[], ` +
  "$11, $12, $13::int[], $14, $15, $16, $17, $18, $19, $20::int[], $21, $22::int[], $23, $24)"

export const parameters = (account: string, log: string, batch: ReadonlyArray<CommitRows>): ReadonlyArray<unknown> => {
  const keys = batch.flatMap(({ keys: rows }, commit) => rows.map((row) => ({ commit, row })))
  const contents = batch.flatMap(({ contents: rows }, commit) =>
    rows.map((row) => ({ commit, row, text: StoredText.store(row.value) }))
  )
  const events = batch.flatMap(({ events: rows }, commit) => rows.map((row) => ({ commit, row })))
  return [
    account,
    numbers(keys.map(({ commit }) => commit)),
    texts(keys.map(({ row }) => row.kind)),
    texts(keys.map(({ row }) => row.id)),
    numbers(keys.map(({ row }) => row.version)),
    texts(keys.map(({ row }) => row.act)),
    texts(keys.map(({ row }) => row.value)),
    texts(keys.map(({ row }) => row.texts)),
    numbers(keys.map(({ row }) => row.due)),
    numbers(keys.map(({ row }) => row.number)),
    flags(keys.map(({ row }) => row.waits)),
    texts(keys.map(({ row }) => row.places)),
    numbers(contents.map(({ commit }) => commit)),
    log,
    texts(contents.map(({ row }) => row.ref)),
    texts(contents.map(({ row }) => subjectKey(row.subject))),
    texts(contents.map(({ row }) => row.salt)),
    texts(contents.map(({ text }) => text.value)),
    flags(contents.map(({ text }) => text.isEscaped)),
    numbers(events.map(({ commit }) => commit)),
    texts(events.map(({ row }) => row.stream)),
    numbers(events.map(({ row }) => row.message)),
    texts(events.map(({ row }) => row.value)),
    texts(events.map(({ row }) => row.texts))
  ]
}

/** Whom a text is about, as one name. */
export const subjectKey = (subject: Content.Subject): string =>
  subject._tag === "Visitor" ? `visitor/${subject.visitorId}` : `${subject.kind}/${subject.id}`
