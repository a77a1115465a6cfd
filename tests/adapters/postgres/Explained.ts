import { connect } from "node:net"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import { url } from "./Stores.ts"

/** A node of a plan, as `auto_explain` writes it in JSON. Rows are per loop. */
export interface Plan {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly "Index Name"?: string
  readonly "Actual Rows": number
  readonly "Actual Loops": number
  readonly "Rows Removed by Filter"?: number
  readonly "Rows Removed by Index Recheck"?: number
  readonly Plans?: ReadonlyArray<Plan>
}

/** One execution of a statement, those inside of functions included. */
export interface Execution {
  readonly text: string
  readonly plan: Plan
}

/** Settings of a session, and the role it acts as; `null`: the one it came as. */
export interface Session {
  readonly settings: Readonly<Record<string, string>>
  readonly role: string | null
}

/**
 * A client with one connection that notes how each statement was really carried out, sent by the adapter as always: the
 * server's `auto_explain` says it in notices, which are read beside the driver from the bytes that arrive.
 */
export const client = ({ role, settings }: Session, seen: Array<Execution>): Layer.Layer<PgClient.PgClient> => {
  const at = new URL(Redacted.value(url()))
  const made = PgClient.layerFrom(
    PgClient.makeClient({
      stream: () => {
        const socket = connect(Number(at.port || 5432), at.hostname)
        const hear = notices((message) => {
          const found = /plan:\n(.*)$/s.exec(message)
          if (found === null) return
          const { "Query Text": text, Plan: plan } = JSON.parse(found[1] ?? "")
          seen.push({ text, plan })
        })
        return socket.on("data", hear)
      },
      username: decodeURIComponent(at.username),
      database: decodeURIComponent(at.pathname.slice(1)),
      password: Redacted.make(decodeURIComponent(at.password)),
      startupParameters: {
        session_preload_libraries: "auto_explain",
        "auto_explain.log_min_duration": "0",
        "auto_explain.log_analyze": "on",
        "auto_explain.log_timing": "off",
        "auto_explain.log_format": "json",
        "auto_explain.log_nested_statements": "on",
        "auto_explain.log_level": "notice",
        ...settings
      }
    })
  )
  const act = role === null ? "reset role" : `set role "${role}"`
  const acting = Layer.effectDiscard(Effect.flatMap(PgClient.PgClient, (sql) => sql.unsafe(act)))
  return Layer.orDie(Layer.provideMerge(acting, made))
}

/** The texts of the server's notices among what it sends: `N`, a length, then fields that end in NUL. */
const notices = (tell: (message: string) => void) => {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk: Buffer): void => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1
      if (rest[0] === 0x4e) {
        const fields = rest.toString("utf8", 5, end).split("\0")
        tell(fields.find((field) => field.startsWith("M"))?.slice(1) ?? "")
      }
      rest = rest.subarray(end)
    }
  }
}

/** All nodes of a plan. */
export const nodes = (plan: Plan): ReadonlyArray<Plan> => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

/** Rows that a node took in all its loops, those it threw away included. */
export const rowsOf = (node: Plan): number =>
  Math.round(
    (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0)) *
      node["Actual Loops"]
  )
