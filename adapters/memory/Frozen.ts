/**
 * A copy of plain data that nobody can change: not the caller, who keeps their own, nor any reader. What `before`, an
 * earlier copy of the same thing, has in the same place already is shared.
 */
export const frozen = <A>(value: A, before?: unknown): A =>
  typeof value !== "object" || value === null || value === before ? value : (copied(value, before) as A)

const copied = (value: object, before: unknown): object => {
  const old = typeof before === "object" && before !== null ? (before as Record<string | number, unknown>) : {}
  if (Array.isArray(value)) {
    const list = value.slice()
    for (let at = 0; at < list.length; at++) {
      const part = list[at]
      if (typeof part === "object" && part !== null) list[at] = frozen(part, old[at])
    }
    return Object.freeze(list)
  }
  const copy: Record<string, unknown> = { ...value }
  // every key is the copy's own, so that even one named `__proto__` is written, not followed
  for (const key in copy) {
    const part = copy[key]
    if (typeof part === "object" && part !== null) copy[key] = frozen(part, old[key])
  }
  return Object.freeze(copy)
}
