import { Clock, Effect } from "effect"

/**
 * Somebody else's CRM, "Prospector": it deals with prospects and clients, numbers them itself, knows no transactions,
 * no idempotency and nothing of Leadline. What its search finds is half a minute old. Its network loses answers.
 */

/** How long Prospector's search does not know what was written, in milliseconds. */
export const SEARCH_LAG = 30_000

/** What becomes of one call: as it should be; not done; done but not answered; done, and silent for ever. */
export type Fate = "well" | "down" | "lost" | "silent"

export class NoAnswer {
  readonly _tag = "NoAnswer"
}
export class NoSuchNumber {
  readonly _tag = "NoSuchNumber"
}

export interface Prospect {
  readonly no: number
  readonly sort: "prospect" | "client"
  readonly title: string
  readonly mail: string
  readonly tel: string
  readonly holder: string
  /** A free field, searchable: what the integration writes there. */
  readonly tag: string
  readonly since: number
}

/** Something pinned to a prospect or client: a scribble, a call number that changed, a card with a chat. */
export interface Pin {
  readonly no: number
  readonly on: number
  readonly sort: "scribble" | "tel" | "card"
  readonly body: string
  readonly tag: string
  readonly since: number
}

export interface Staff {
  readonly login: string
  readonly boss: string | null
  readonly works: boolean
}

/** One Prospector, its books open for the tests. `fate` is asked before every call, in order. */
export const prospector = () => {
  const books = { folk: new Map<number, Prospect>(), pins: new Map<number, Pin>() }
  const staff: Array<Staff> = []
  const circles = new Map<string, ReadonlyArray<string>>()
  const asked: Array<string> = []
  let last = 0
  let fate: (call: string, number: number) => Fate = () => "well"

  const call = <A, E = never>(name: string, act: (now: number) => Effect.Effect<A, E>) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      yield* Effect.yieldNow
      asked.push(name)
      const happens = fate(name, asked.length)
      if (happens === "down") return yield* Effect.fail(new NoAnswer())
      const done = yield* act(now)
      yield* Effect.yieldNow
      if (happens === "lost") return yield* Effect.fail(new NoAnswer())
      return happens === "silent" ? yield* Effect.never : done
    })
  const known = <Thing extends { readonly since: number }>(things: Iterable<Thing>, now: number) =>
    [...things].filter(({ since }) => since + SEARCH_LAG <= now)
  const get = (no: number) => {
    const found = books.folk.get(no)
    return found === undefined ? Effect.fail(new NoSuchNumber()) : Effect.succeed(found)
  }

  return {
    books,
    staff,
    circles,
    asked,
    befall: (chosen: typeof fate) => {
      fate = chosen
    },
    /** For seeds and for people at Prospector's own screens: nothing befalls them. */
    enter: (prospect: Omit<Prospect, "no">): number => {
      books.folk.set(++last, { ...prospect, no: last })
      return last
    },
    strike: (no: number) => books.folk.delete(no),
    unpin: (no: number) => books.pins.delete(no),
    find: (mail: string) =>
      call("find", (now) =>
        Effect.succeed(known(books.folk.values(), now).filter((one) => one.mail.toLowerCase() === mail))
      ),
    findTag: (tag: string) =>
      call("findTag", (now) =>
        Effect.succeed({
          folk: known(books.folk.values(), now).filter((one) => one.tag === tag),
          pins: known(books.pins.values(), now).filter((one) => one.tag === tag)
        })
      ),
    get: (no: number) => call("get", () => get(no)),
    add: (prospect: Omit<Prospect, "no" | "since">) =>
      call("add", (since) =>
        Effect.sync(() => {
          books.folk.set(++last, { ...prospect, no: last, since })
          return last
        })
      ),
    setTel: (no: number, tel: string) =>
      call("setTel", () => Effect.map(get(no), (one) => void books.folk.set(no, { ...one, tel }))),
    pin: (pin: Omit<Pin, "no" | "since">) =>
      call("pin", (since) =>
        Effect.map(get(pin.on), () => {
          books.pins.set(++last, { ...pin, no: last, since })
          return last
        })
      ),
    cards: (no: number) =>
      call("cards", (now) =>
        Effect.succeed(known(books.pins.values(), now).filter(({ on, sort }) => on === no && sort === "card"))
      ),
    people: () => call("people", () => Effect.sync(() => [...staff])),
    rounds: () => call("rounds", () => Effect.sync(() => [...circles]))
  }
}

export type Prospector = ReturnType<typeof prospector>
