import type { CommitRows, KeyRow } from "./CommitRows.ts"
import { subjectKey } from "./CommitRows.ts"
import { flags, numbers, texts } from "./Statements.ts"
import * as StoredText from "./StoredText.ts"

/**
 * The short way for what happens all day, a message: a function that takes for granted that nobody came in between.
 * Where somebody did, or a record moves between lists, it ends without effect, and the commit goes the long way
 * (`0002_commit.sql`), which says who lost against whom.
 */
export const LOST = "LL001"

/** By name: the last record that is only expected, the first that is put; empty: there is none. */
export interface Order {
  readonly lastHeld: string
  readonly firstPut: string
}

/**
 * The order of a commit that may try it, else `null`: it changes records that were there, and expects some; what it adds is
 * an answer to remember.
 */
export const orderOf = ({ keys }: Pick<CommitRows, "keys">): Order | null => {
  let order: Order = { lastHeld: "", firstPut: "" }
  for (const { act, id, kind, number, places, version } of keys) {
    const isNew = version === 0
    if (act === "remove" || number === -1 || (isNew && (act === "expect" || places !== null || !isAnswer(kind))))
      return null
    const name = `${kind}/${id}`
    if (act === "expect") order = together(order, { lastHeld: name, firstPut: "" })
    else if (!isNew) order = together(order, { lastHeld: "", firstPut: name })
  }
  return keepsOrder(order) ? order : null
}

/** The order of two that go in one statement. */
export const together = (one: Order, other: Order): Order => ({
  lastHeld: one.lastHeld > other.lastHeld ? one.lastHeld : other.lastHeld,
  firstPut:
    one.firstPut === "" || (other.firstPut !== "" && other.firstPut < one.firstPut) ? other.firstPut : one.firstPut
})

/**
 * Both ways lock in the order of names, so that they never wait for each other in a circle. Here what is only expected is
 * locked first, and so must come first by name.
 */
export const keepsOrder = ({ firstPut, lastHeld }: Order): boolean => firstPut === "" || lastHeld < firstPut

const isAnswer = (kind: string): boolean => kind.endsWith(".command")

const byName = (one: KeyRow, other: KeyRow): number =>
  one.kind === other.kind ? compare(one.id, other.id) : compare(one.kind, other.kind)

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** `commit_shortly` of `0002_commit.sql`. */
export const statement = (schema: string): string =>
  `select ${schema}.commit_shortly($1, $2, $3, $4, $5::bigint[], $6::bigint[], $7, $8, $9::bigint[], $10, $11, ` +
  "$12::bigint[], $13::bigint[], $14, $15::bigint[], $16, $17, $18, $19::bigint[], $20, $21, $22, $23, $24, $25, " +
  "$26::int[], $27, $28) as tx, null::json as lost"

export const parameters = (account: string, log: string, batch: ReadonlyArray<CommitRows>): ReadonlyArray<unknown> => {
  const all = batch.flatMap(({ keys }) => keys).map((row, at) => ({ ...row, n: at + 1 }))
  const held = all.filter(({ act }) => act === "expect").sort(byName)
  const put = all.filter(({ act, version }) => act === "put" && version > 0).sort(byName)
  const answers = all.filter(({ version }) => version === 0).sort(byName)
  const contents = batch.flatMap((rows) => rows.contents)
  const stored = contents.map(({ value }) => StoredText.store(value))
  const events = batch.flatMap((rows) => rows.events)
  return [
    account,
    log,
    texts(held.map(({ kind }) => kind)),
    texts(held.map(({ id }) => id)),
    numbers(held.map(({ version }) => version)),
    numbers(put.map(({ n }) => n)),
    texts(put.map(({ kind }) => kind)),
    texts(put.map(({ id }) => id)),
    numbers(put.map(({ version }) => version)),
    texts(put.map(({ value }) => value)),
    texts(put.map((row) => row.texts)),
    numbers(put.map(({ due }) => due)),
    numbers(put.map(({ number, waits }) => (waits ? number : null))),
    texts(put.map(({ places }) => places)),
    numbers(answers.map(({ n }) => n)),
    texts(answers.map(({ kind }) => kind)),
    texts(answers.map(({ id }) => id)),
    texts(answers.map(({ value }) => value)),
    numbers(answers.map(({ due }) => due)),
    texts(contents.map(({ ref }) => ref)),
    texts(contents.map(({ subject }) => subjectKey(subject))),
    texts(contents.map(({ salt }) => salt)),
    texts(stored.map(({ value }) => value)),
    flags(stored.map(({ isEscaped }) => isEscaped)),
    texts(events.map(({ stream }) => stream)),
    numbers(events.map(({ message }) => message)),
    texts(events.map(({ value }) => value)),
    texts(events.map((row) => row.texts))
  ]
}
