/** What was found lately, for a while; the longest unused goes first. */
export interface Recently<Value> {
  readonly get: (key: string, now: number) => Value | undefined
  readonly keep: (key: string, value: Value, until: number) => void
}

/** Keeps at most so many. */
export const recently = <Value>(most: number): Recently<Value> => {
  const held = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get: (key, now) => {
      const found = held.get(key)
      if (found === undefined) return undefined
      held.delete(key)
      if (found.until <= now) return undefined
      held.set(key, found)
      return found.value
    },
    keep: (key, value, until) => {
      held.delete(key)
      held.set(key, { value, until })
      if (held.size <= most) return
      const [oldest] = held.keys()
      if (oldest !== undefined) held.delete(oldest)
    }
  }
}
