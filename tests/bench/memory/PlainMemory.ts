import { hash, randomBytes, randomUUID } from "node:crypto"
import type { Given, Outcome, Text } from "../core/Given.ts"
import * as PlainFlow from "../core/PlainFlow.ts"

/**
 * The plain flow with what a store adds: ids, personal texts apart with a salt and a commitment each, chats and leads in
 * maps by id, by visitor and by email.
 */
export interface PlainMemory {
  readonly desks: PlainFlow.PlainDesks
  readonly chats: Map<string, PlainFlow.PlainChat>
  readonly openOf: Map<string, string>
  readonly texts: Map<string, { readonly salt: string; readonly typed: string }>
  readonly closedBy: Map<string, Array<string>>
  readonly leads: Map<string, { readonly owner: string; readonly email: string; readonly lastName: string }>
}

export const opened = (sellers: ReadonlyArray<string>): PlainMemory => ({
  desks: PlainFlow.opened(sellers),
  chats: new Map(),
  openOf: new Map(),
  texts: new Map(),
  closedBy: new Map(),
  leads: new Map()
})

const sealed = (memory: PlainMemory, typed: string): Text => {
  const [ref, salt] = [randomUUID(), randomBytes(16)]
  memory.texts.set(ref, { salt: salt.toString("hex"), typed })
  return { typed, ref, commitment: hash("sha256", Buffer.concat([salt, Buffer.from(typed)])) }
}

export const flow = (memory: PlainMemory, { earlier, from, ...given }: Given, visitor: string): Outcome => {
  if (memory.openOf.has(visitor)) throw new Error("has a chat")
  const ids = { chat: randomUUID(), visitor, lead: randomUUID() }
  const texts: Given = {
    from,
    earlier,
    name: sealed(memory, given.name.typed),
    email: sealed(memory, `${visitor}@example.com`),
    messages: given.messages.map(({ typed }) => sealed(memory, typed))
  }
  const outcome = PlainFlow.flow(texts, memory.desks, ids, (chat) => {
    memory.chats.set(chat.id, chat)
    memory.openOf.set(visitor, chat.id)
  })
  const email = outcome.emailKey ?? ""
  if (memory.leads.has(email)) throw new Error("has a lead")
  memory.leads.set(email, { owner: outcome.owner, email, lastName: outcome.lastName })
  memory.openOf.delete(visitor)
  memory.closedBy.set(email, [...(memory.closedBy.get(email) ?? []), ids.chat])
  return outcome
}
