import { SqlError } from "effect/sql/SqlError"
import { StoreError, type StoreErrorReason } from "leadline/ports"

/** What an error of the driver or the server means. */
export interface Meaning {
  readonly reason: StoreErrorReason
  readonly isRetryable: boolean
  /** The statement certainly had no effect, so that this adapter may send it again by itself, a commit as well. */
  readonly hadNoEffect: boolean
}

const mean = (reason: StoreErrorReason, isRetryable: boolean, hadNoEffect: boolean): Meaning => ({
  reason,
  isRetryable,
  hadNoEffect
})

/**
 * By SQLSTATE, else by its class (the first two characters). Source: PostgreSQL manual, appendix A.
 *
 * A shutdown (57P01, 57P02) may come after the commit it interrupts, so it says nothing of the effect.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  // serialization_failure, deadlock_detected, lock_not_available; a unique name taken between two statements
  "40001": mean("contention", true, true),
  "40P01": mean("contention", true, true),
  "55P03": mean("contention", true, true),
  "23505": mean("contention", true, true),
  // query_canceled: by `statement_timeout`
  "57014": mean("timeout", true, false),
  // too_many_connections, insufficient_resources, configuration_limit_exceeded
  "53300": mean("overloaded", true, true),
  "53000": mean("overloaded", true, true),
  "53400": mean("overloaded", true, true),
  // disk_full, out_of_memory
  "53100": mean("full", false, true),
  "53200": mean("full", false, true),
  // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
  "57P01": mean("unavailable", true, false),
  "57P02": mean("unavailable", true, false),
  "57P03": mean("unavailable", true, true),
  "57P05": mean("unavailable", true, true),
  // read_only_sql_transaction: a standby, or a failover under way
  "25006": mean("readOnly", true, true),
  // io_error
  "58030": mean("unavailable", true, false),
  "08": mean("unavailable", true, false),
  // data_exception, program_limit_exceeded: what PostgreSQL cannot hold
  "22": mean("unsupported", false, true),
  "54": mean("unsupported", false, true),
  // invalid_authorization, invalid_catalog_name, invalid_schema_name, syntax_error_or_access_rule_violation
  "28": mean("misconfigured", false, true),
  "3D": mean("misconfigured", false, true),
  "3F": mean("misconfigured", false, true),
  "42": mean("misconfigured", false, true),
  // internal_error with data_corrupted, index_corrupted
  XX: mean("corrupt", false, true)
}

const unknown = mean("unavailable", false, false)

/** What a SQLSTATE means; `null` and codes nobody knows: something went wrong, nobody knows what. */
export const meaningOf = (code: string | null): Meaning =>
  code === null ? unknown : (meanings[code] ?? meanings[code.slice(0, 2)] ?? unknown)

/** What the driver's error means. A connection that could not be made had no effect; one that broke may have had. */
export const classify = ({ reason }: SqlError): Meaning => {
  const code = codeOf(reason.cause)
  if (code !== null) return meaningOf(code)
  if (reason._tag === "ConnectionError") return mean("unavailable", true, reason.operation === "connect")
  return reason._tag === "AuthenticationError" ? meaningOf("28000") : unknown
}

/** The port's error for one of the driver. */
export const toStoreError = (operation: string, error: SqlError): StoreError => {
  const { isRetryable, reason } = classify(error)
  return new StoreError({ reason, isRetryable, operation, cause: error })
}

/** The SQLSTATE under an error of this adapter. */
export const sqlState = ({ cause }: StoreError): string | null =>
  cause instanceof SqlError ? codeOf(cause.reason.cause) : null

const codeOf = (cause: unknown): string | null =>
  typeof cause === "object" && cause !== null && "code" in cause && isSqlState(cause.code) ? cause.code : null

/** Not Node's codes of sockets (`ECONNRESET`, `EPIPE`): every SQLSTATE has a digit. */
const isSqlState = (code: unknown): code is string => typeof code === "string" && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)
