/** Frozen already by this adapter: all that is below is, too. */
const known = new WeakSet<object>()

/**
 * A copy of plain data that nobody can change: not the caller, who keeps their own, nor any reader. What is frozen by
 * this function already is shared, so that putting a record costs the size of what changed in it.
 */
export const frozen = <A>(value: A): A =>
  typeof value === "object" && value !== null && !known.has(value) ? (copied(value, true) as A) : value

/**
 * As {@link frozen}, of what never comes back to be put again: events, texts. Not remembered, because a million remembered
 * objects cost the garbage collector more than all copying.
 */
export const frozenOnce = <A>(value: A): A =>
  typeof value === "object" && value !== null && !known.has(value) ? (copied(value, false) as A) : value

const copied = (value: object, isRemembered: boolean): object => {
  const freeze = isRemembered ? frozen : frozenOnce
  const copy = Array.isArray(value) ? value.slice() : { ...value }
  if (Array.isArray(copy)) for (let at = 0; at < copy.length; at++) copy[at] = freeze(copy[at])
  else deepen(copy, freeze)
  if (isRemembered) known.add(copy)
  return Object.freeze(copy)
}

/** Every key is the copy's own, so that even one named `__proto__` is written, not followed. */
const deepen = (copy: Record<string, unknown>, freeze: <A>(value: A) => A): void => {
  for (const key of Object.keys(copy)) {
    const part = copy[key]
    if (typeof part === "object" && part !== null) copy[key] = freeze(part)
  }
}
