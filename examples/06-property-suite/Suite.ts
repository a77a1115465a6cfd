import fc from "fast-check"
import { EmailKey, type Record } from "leadline"
import { WorldArbitrary } from "leadline/testing"
import type { Greeting } from "./Greeting.ts"
import type { Score } from "./Score.ts"

/** A property of this team's, and what a world looks like that breaks it. */
export interface Check {
  readonly title: string
  readonly holds: (world: WorldArbitrary.World) => boolean
  /** The part of a world that matters here. */
  readonly show: (world: WorldArbitrary.World) => unknown
}

/** What the visitors of a world typed into one field, chat by chat. */
const typed = ({ chats }: WorldArbitrary.World, field: "name" | "email"): ReadonlyArray<string> =>
  chats.flatMap(({ chat, texts }) => {
    const content = chat.visitor[field]
    return content === null ? [] : (texts.get(content.ref) ?? [])
  })

const leads = ({ records }: WorldArbitrary.World): ReadonlyArray<Record.Lead> =>
  records.filter((record) => record._tag === "Lead")

/** Whatever visitors call themselves: one line of well-formed text that greets somebody. */
export const greets = (title: string, greeting: Greeting): Check => ({
  title: `${title} is one line of text`,
  holds: (world) =>
    typed(world, "name")
      .map(greeting)
      .every((text) => text.isWellFormed() && /^Hello( \S.*)?!$/.test(text)),
  show: (world) => typed(world, "name").map((name) => ({ name, greeting: greeting(name) }))
})

/** However people spell their address: the same score. */
export const ignoresSpelling = (title: string, score: Score): Check => {
  const plain = (email: string) => EmailKey.make(email) ?? email
  const fails = (world: WorldArbitrary.World) =>
    leads(world).filter(
      (lead) =>
        score(lead, typed(world, "email")) !==
        score({ ...lead, emails: lead.emails.map(plain) }, typed(world, "email").map(plain))
    )
  return {
    title: `${title} does not depend on spelling`,
    holds: (world) => fails(world).length === 0,
    show: (world) => ({ lead: fails(world).map(({ emails }) => emails), visitors: typed(world, "email") })
  }
}

/** Worlds of many chats and leads, as this is what the checks look at. */
const worlds = WorldArbitrary.world({ chats: 4, records: 3, users: 2, agents: 1, pools: 0 })

/** What became of a check. */
export interface Outcome {
  readonly title: string
  readonly worlds: number
  /** `null`: it holds. */
  readonly broken: { readonly shrinks: number; readonly world: unknown } | null
}

/** Runs a check on generated worlds; the same seed gives the same outcome. */
export const run = ({ holds, show, title }: Check, seed: number): Outcome => {
  const details = fc.check(fc.property(worlds, holds), { seed, numRuns: 300 })
  const world = details.counterexample?.[0]
  return {
    title,
    worlds: details.numRuns,
    broken: world === undefined ? null : { shrinks: details.numShrinks, world: show(world) }
  }
}
