import type { VisitorId } from "../../domain/account/Id.ts"
import type { Details, Text } from "../../domain/chat/ChatCommand.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"

/** What a visitor gives of themselves, as typed. Blank or `null`: nothing (A1). */
export interface GivenDetails {
  readonly name?: string | null
  readonly email?: string | null
  readonly phone?: string | null
}

/** The given details, each detached under the visitor (J4). */
export const detach = (transaction: DeskTransaction, visitorId: VisitorId, given: GivenDetails): Details => {
  const text = (typed: string | null | undefined): Text | null =>
    EmailKey.isGiven(typed) ? transaction.text({ _tag: "Visitor", visitorId }, typed) : null
  return { name: text(given.name), email: text(given.email), phone: text(given.phone) }
}

/** The keys that the given addresses compare by (A1, A2). They live in the chat only: never in an event (J4). */
export const keysOf = (given: GivenDetails, defaultRegion: string | null) => ({
  emailKey: EmailKey.isGiven(given.email) ? EmailKey.make(given.email) : null,
  phoneKey: EmailKey.isGiven(given.phone) ? PhoneKey.make(given.phone, defaultRegion) : null
})
