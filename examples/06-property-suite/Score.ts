import { EmailKey, type Record } from "leadline"

/** How warm a lead is: a point for each chat that its person had with us. `emails`: what visitors typed, chat by chat. */
export type Score = (lead: Record.Lead, emails: ReadonlyArray<string>) => number

/** The first try. */
export const first: Score = ({ emails }, typed) => {
  const own = new Set(emails.map((email) => email.toLowerCase()))
  return typed.filter((email) => own.has(email.toLowerCase())).length
}

/** By key: two spellings of one address are one address. */
export const better: Score = ({ keys }, typed) => {
  const own = new Set<string>(keys.emails)
  return typed.filter((email) => own.has(EmailKey.make(email) ?? "")).length
}
