/**
 * What the role of a host may do: read and write rows, and nothing to the tables themselves. It owns nothing, so the second
 * wall (`0001_tables.sql`) holds for it: each statement sees the one account that it names (J2).
 *
 * Run by the owner after the migrations; hosts then run with `migrates: false`. Repeating it is harmless.
 *
 * @example
 * ```ts
 * import { Grants } from "leadline/postgres"
 *
 * console.log(Grants.statements("leadline", "leadline_host")[0]) // => grant usage on schema "leadline" to "leadline_host"
 * ```
 */
export const statements = (schema: string, role: string): ReadonlyArray<string> => {
  const [quoted, to] = [name(schema), name(role)]
  return [
    `grant usage on schema ${quoted} to ${to}`,
    `grant select on ${quoted}.migration, ${quoted}.era to ${to}`,
    `grant select, insert, update, delete on ${WALLED.map((table) => `${quoted}.${table}`).join(", ")} to ${to}`,
    `grant execute on all functions in schema ${quoted} to ${to}`
  ]
}

/** The tables behind the wall: all that hold anything of an account. */
export const WALLED: ReadonlyArray<string> = ["record", "queue", "place", "event", "text"]

const name = (text: string): string => `"${text.replaceAll('"', '""')}"`
