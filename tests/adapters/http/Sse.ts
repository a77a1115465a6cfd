/** An event as it came. */
export interface Sent {
  readonly event: string
  readonly id: string | null
  readonly data: unknown
}

/** An open stream: events as they come, and the answer's head. */
export interface Open {
  readonly response: Response
  /** The next event, whatever it is; `null`: the stream has ended. */
  readonly next: () => Promise<Sent | null>
  /** The events up to the first that fits, which is the last of them. */
  readonly until: (fits: (sent: Sent) => boolean) => Promise<ReadonlyArray<Sent>>
  readonly close: () => void
}

const parsed = (block: string): Sent | null => {
  const fields = new Map<string, string>()
  for (const line of block.split("\n")) {
    const at = line.indexOf(":")
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 2))
  }
  const event = fields.get("event")
  return event === undefined
    ? null
    : { event, id: fields.get("id") ?? null, data: JSON.parse(fields.get("data") ?? "null") }
}

/** Opens a stream as a client of any kind would. */
export const open = async (url: string, token: string, lastEventId?: string | null): Promise<Open> => {
  const control = new AbortController()
  const response = await fetch(url, {
    signal: control.signal,
    headers: { authorization: `Bearer ${token}`, ...(lastEventId == null ? {} : { "last-event-id": lastEventId }) }
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let unread = ""
  const next = async (): Promise<Sent | null> => {
    for (;;) {
      const end = unread.indexOf("\n\n")
      if (end < 0) {
        const read = await reader?.read().catch(() => undefined)
        if (read === undefined || read.done) return null
        unread += read.value
        continue
      }
      const sent = parsed(unread.slice(0, end))
      unread = unread.slice(end + 2)
      if (sent !== null) return sent
    }
  }
  const until = async (fits: (sent: Sent) => boolean) => {
    const seen: Array<Sent> = []
    for (;;) {
      const sent = await next()
      if (sent === null) throw new Error(`the stream ended after ${JSON.stringify(seen.map(({ event }) => event))}`)
      seen.push(sent)
      if (fits(sent)) return seen
    }
  }
  return { response, next, until, close: () => control.abort() }
}
