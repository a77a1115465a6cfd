/** Values as people read them in a failing law: like a literal of JavaScript, on one line, cut where they are long. */

/** How much of one value is shown. decision: a screen's width or six; who needs more runs the law again by its seed. */
const MAX_LENGTH = 900

/** As {@link MAX_LENGTH}, of what a command was given. decision: about two lines, because a script has many. */
const MAX_BRIEF_LENGTH = 300

/** The whole value: what is compared and what came. */
export const value = (shown: unknown): string => cut(text(shown, false), MAX_LENGTH)

/** As {@link value}, without the fields that say nothing: `null` and empty lists. For scripts of commands. */
export const briefly = (shown: unknown): string => cut(text(shown, true), MAX_BRIEF_LENGTH)

const cut = (long: string, length: number): string => (long.length <= length ? long : `${long.slice(0, length)}…`)

const text = (shown: unknown, isBrief: boolean): string => {
  if (typeof shown === "string") return JSON.stringify(shown)
  if (typeof shown === "function") return "(a function)"
  if (typeof shown !== "object" || shown === null) return String(shown)
  if (Array.isArray(shown)) return `[${shown.map((one) => text(one, isBrief)).join(", ")}]`
  if (shown instanceof Map) return `Map ${text([...shown], isBrief)}`
  if (shown instanceof Set) return `Set ${text([...shown], isBrief)}`
  const fields = Object.entries(shown).filter(
    ([, field]) => field !== undefined && !(isBrief && (field === null || (Array.isArray(field) && field.length === 0)))
  )
  if (shown instanceof Error) return `${shown.name} ${fieldsOf([["message", shown.message], ...fields], isBrief)}`
  return fieldsOf(fields, isBrief)
}

const fieldsOf = (fields: ReadonlyArray<readonly [string, unknown]>, isBrief: boolean): string =>
  `{${fields.map(([name, field]) => `${/^\w+$/.test(name) ? name : JSON.stringify(name)}: ${text(field, isBrief)}`).join(", ")}}`
