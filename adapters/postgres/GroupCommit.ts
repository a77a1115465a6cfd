import { Effect, Exit } from "effect"
import type { Id } from "leadline"
import { type Committed, Conflict, StoreError } from "leadline/ports"
import * as Coalescer from "./Coalescer.ts"
import * as CommitRows from "./CommitRows.ts"
import type { Resolved } from "./PostgresOptions.ts"
import * as QuickCommit from "./QuickCommit.ts"
import type { Statements } from "./Statements.ts"
import { sqlState } from "./StoreErrors.ts"

/** How a commit ended: written, or lost to others. */
type Outcome = Committed | Conflict

interface Answered {
  readonly tx: number
  readonly lost: ReadonlyArray<readonly [commit: number, kind: string, id: string]> | null
}

/** Sends commits of one world, those of one account that wait for each other together. */
export interface GroupCommit {
  readonly commit: (
    account: Id.AccountId,
    rows: CommitRows.CommitRows
  ) => Effect.Effect<Committed, Conflict | StoreError>
  readonly idle: Effect.Effect<void>
}

/**
 * Group commit. A commit that loses, loses alone; a statement that fails as a whole for a reason that is one commit's
 * (a value that PostgreSQL cannot hold) is sent again one by one. `written` is told the account and the number of each
 * transaction that wrote events.
 */
export const make = (
  log: string,
  schema: string,
  statements: Statements,
  { commitsInFlight, commitsPerStatement }: Resolved,
  written: (account: string, tx: number) => void
): GroupCommit => {
  const text = CommitRows.statement(schema)
  const quickText = QuickCommit.statement(schema)

  const longWay = (account: string, batch: ReadonlyArray<CommitRows.CommitRows>) =>
    statements.write<Answered>("commit", text, CommitRows.parameters(account, log, batch))

  const ways = (account: string, batch: ReadonlyArray<CommitRows.CommitRows>) =>
    batch.every(({ quick }) => quick !== null)
      ? Effect.catchIf(
          statements.write<Answered>("commit", quickText, QuickCommit.parameters(account, log, batch)),
          (error) => sqlState(error) === QuickCommit.LOST,
          () => longWay(account, batch)
        )
      : longWay(account, batch)

  const together = (account: string, batch: ReadonlyArray<CommitRows.CommitRows>) =>
    Effect.map(ways(account, batch), (rows): ReadonlyArray<Exit.Exit<Outcome, StoreError>> => {
      const { lost, tx } = rows[0] ?? { lost: null, tx: 0 }
      const outcomes = settle(batch, tx, lost ?? [])
      if (outcomes.some((outcome, at) => !(outcome instanceof Conflict) && batch[at]?.events.length !== 0))
        written(account, tx)
      return outcomes.map(Exit.succeed)
    })

  const send = (account: string, batch: ReadonlyArray<CommitRows.CommitRows>) =>
    Effect.catchIf(
      together(account, batch),
      (error) => batch.length > 1 && isOfOne(error),
      () =>
        Effect.forEach(batch, (one) =>
          Effect.exit(Effect.flatMap(together(account, [one]), ([first]) => first ?? missing))
        )
    )

  const coalescer = Coalescer.make<CommitRows.CommitRows, Outcome>({
    inFlight: commitsInFlight,
    perStatement: commitsPerStatement,
    boarding: CommitRows.boarding,
    send
  })

  return {
    commit: (account, rows) =>
      Math.max(rows.keys.length, rows.events.length) > CommitRows.MOST_ROWS
        ? Effect.fail(tooLarge)
        : Effect.flatMap(coalescer.ask(account, rows), (outcome) =>
            outcome instanceof Conflict ? Effect.fail(outcome) : Effect.succeed(outcome)
          ),
    idle: coalescer.idle
  }
}

/** Each commit's share of what the statement gave. */
const settle = (
  batch: ReadonlyArray<CommitRows.CommitRows>,
  tx: number,
  lost: NonNullable<Answered["lost"]>
): ReadonlyArray<Outcome> => {
  let keysBefore = 0
  let eventsBefore = 0
  return batch.map((rows, commit): Outcome => {
    const [firstKey, firstEvent] = [keysBefore + 1, eventsBefore + 1]
    keysBefore += rows.keys.length
    eventsBefore += rows.events.length
    const keys = lost.flatMap(([loser, kind, id]) =>
      loser === commit ? [{ kind: kind.slice(kind.indexOf(".") + 1), id }] : []
    )
    return keys.length > 0
      ? new Conflict({ keys })
      : {
          versions: rows.puts.map((at) => tx + firstKey + at),
          positions: rows.events.map((_, at) => tx + firstEvent + at)
        }
  })
}

/** Reasons that may be one commit's own. */
const isOfOne = ({ reason }: StoreError): boolean => reason === "unsupported"

const missing = Exit.die(new Error("the commit's statement gave no row"))

const tooLarge = new StoreError({
  reason: "unsupported",
  isRetryable: false,
  operation: "commit",
  cause: new Error(`a commit of more than ${CommitRows.MOST_ROWS} records or events`)
})
