/** Frozen already by this adapter: all that is below is, too. */
const known = new WeakSet<object>()

/**
 * A copy of plain data that nobody can change: not the caller, who keeps their own, nor any reader. What is frozen by
 * this function already is shared, so that putting a record costs the size of what changed in it.
 */
export const frozen = <A>(value: A): A => {
  if (typeof value !== "object" || value === null || known.has(value)) return value
  const copy: object = Array.isArray(value)
    ? value.map(frozen)
    : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, frozen(part)]))
  known.add(copy)
  return Object.freeze(copy) as A
}
