import { Clock, Effect } from "effect"

/**
 * Somebody's contact book, "Rolodex", behind a tiny interface of its own. It numbers its cards, knows no transactions and
 * no idempotency, and nothing of Leadline. A card has a free field, `label`, by which it can be found.
 */
export interface Card {
  readonly no: number
  readonly kind: "lead" | "person"
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly owner: string
  readonly label: string
  readonly madeAt: number
}

/** Something written on the back of a card. */
export interface Line {
  readonly no: number
  readonly card: number
  readonly kind: "note" | "phone"
  readonly text: string
  readonly label: string
  readonly at: number
}

/** No card of that number. */
export class NoCard {
  readonly _tag = "NoCard"
}

export const make = () => {
  const cards = new Map<number, Card>()
  const lines = new Map<number, Line>()
  const people: Array<string> = []
  let last = 0

  const card = (no: number): Effect.Effect<Card, NoCard> => {
    const found = cards.get(no)
    return found === undefined ? Effect.fail(new NoCard()) : Effect.succeed(found)
  }

  return {
    card,
    people: Effect.sync((): ReadonlyArray<string> => people),
    hire: (name: string) => Effect.sync(() => void people.push(name)),
    findEmail: (email: string) =>
      Effect.sync(() => [...cards.values()].filter((one) => one.email.toLowerCase() === email)),
    findLabel: (label: string) =>
      Effect.sync(() => ({
        cards: [...cards.values()].filter((one) => one.label === label),
        lines: [...lines.values()].filter((one) => one.label === label)
      })),
    addCard: (made: Omit<Card, "no" | "madeAt">) =>
      Effect.map(Clock.currentTimeMillis, (madeAt) => {
        cards.set(++last, { ...made, no: last, madeAt })
        return last
      }),
    dial: (no: number, phone: string) => Effect.map(card(no), (one) => void cards.set(no, { ...one, phone })),
    write: (line: Omit<Line, "no" | "at">) =>
      Effect.flatMap(card(line.card), () =>
        Effect.map(Clock.currentTimeMillis, (at) => {
          lines.set(++last, { ...line, no: last, at })
          return last
        })
      ),
    backOf: (no: number) => Effect.sync(() => [...lines.values()].filter((one) => one.card === no))
  }
}

export type Rolodex = ReturnType<typeof make>
