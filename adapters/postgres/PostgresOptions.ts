/** How this adapter uses its database. What is not given has the default named beside it. */
export interface PostgresOptions {
  /** The schema that holds the tables; made by the migrations. Letters, digits and `_`. `leadline` */
  readonly schema?: string
  /**
   * Statements under way at once for the commits of one account and world; more of them wait and then travel together. 2:
   * one is on its way while the other waits for the disk.
   */
  readonly commitsInFlight?: number
  /** As {@link commitsInFlight}, for reads by key. 4 */
  readonly readsInFlight?: number
  /** Commits that one statement takes along at most. 128 */
  readonly commitsPerStatement?: number
  /** Until then a statement that certainly had no effect is sent again, after pauses. 5,000 */
  readonly retryMillis?: number
  /** No answer after this long is a `timeout`. 30,000: longer than the server's own limit on statements */
  readonly answerMillis?: number
  /** How often the heads of followed logs are looked at, whether or not a notification came. 5,000 */
  readonly pollMillis?: number
  /** Whether commits of other processes are listened for and own ones announced. `true`; PGlite has no other process */
  readonly isShared?: boolean
  /** What is committed survives the process. `true`; not so where the database lives in its memory */
  readonly isDurable?: boolean
  /** Whether to bring the schema up to date first. `true`; else a schema that is not up to date is refused */
  readonly migrates?: boolean
}

/** The options with their defaults. */
export type Resolved = Required<PostgresOptions>

export const resolve = (options: PostgresOptions): Resolved => ({
  schema: options.schema ?? "leadline",
  commitsInFlight: options.commitsInFlight ?? 2,
  readsInFlight: options.readsInFlight ?? 4,
  commitsPerStatement: options.commitsPerStatement ?? 128,
  retryMillis: options.retryMillis ?? 5000,
  answerMillis: options.answerMillis ?? 30_000,
  pollMillis: options.pollMillis ?? 5000,
  isShared: options.isShared ?? true,
  isDurable: options.isDurable ?? true,
  migrates: options.migrates ?? true
})

/** A schema's name as SQL. PostgreSQL cuts names after 63 bytes, so longer ones are refused. */
export const schemaName = ({ schema }: Resolved): string | null =>
  /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(schema) ? `"${schema}"` : null
