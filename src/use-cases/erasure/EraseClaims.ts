import { Effect } from "effect"
import type { Chat } from "../../domain/chat/Chat.ts"
import type { EmailKey } from "../../domain/identity/EmailKey.ts"
import type { PhoneKey } from "../../domain/identity/PhoneKey.ts"
import { claimsOf } from "../../domain/request/CrmRequest.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"
import { claimKey, putRequest, requestKey } from "../foreign/Requests.ts"

interface Keys {
  readonly email: EmailKey | null
  readonly phone: PhoneKey | null
}

/**
 * What these chats have asked of a foreign CRM forgets by which addresses (J4): claims are named by them, and requests hold
 * them until they end. A request that is still open ends by itself, refused: the texts it would write are gone.
 */
export const eraseClaims = Effect.fnUntraced(function* (transaction: DeskTransaction, chats: ReadonlyArray<Chat>) {
  const ofChats = yield* transaction.get(...chats.map(({ id }) => claimKey(`chat/${id}`)))
  const ids = [...new Set(ofChats.flatMap(({ value }) => value?.requestId ?? []))]
  const requests = yield* transaction.get(...ids.map(requestKey))
  const evidence = requests.flatMap(
    ({ value }): ReadonlyArray<Keys> => (value?.wanted._tag === "Lead" ? [value.wanted.evidence] : [])
  )
  const typed = chats.map(({ visitor: { emailKey: email, phoneKey: phone } }): Keys => ({ email, phone }))
  const names = [...evidence, ...typed].flatMap((keys) => claimsOf(nobodysChat, keys).slice(1))
  for (const claim of yield* transaction.get(...[...new Set(names)].map(claimKey))) {
    if (claim.value !== null) transaction.remove(claim)
  }
  for (const request of requests) {
    if (request.value?.wanted._tag !== "Lead") continue
    const wanted = { ...request.value.wanted, evidence: { email: null, phone: null } }
    putRequest(transaction, request, { ...request.value, wanted })
  }
})

/** Only the claims by address are of interest; those of chats hold ids. */
const nobodysChat = "-" as Chat["id"]
