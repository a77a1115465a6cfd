import * as EmailKey from "../identity/EmailKey.ts"

/** The name of a lead made from a chat (E4). */
export interface LeadName {
  readonly firstName: string | null
  readonly lastName: string
}

/** What a visitor gave, as typed. */
export interface NamedVisitor {
  readonly name: string | null
  readonly email: string
}

/**
 * The last word of the name is the last name, the rest the first name; without a name the email's local part is the
 * last name (E4). Words are parted by white space, of which one space is kept; a word that prints nothing is none.
 * Total: an email without a key, of which no lead is made (E3), stands as it is.
 */
export const fromVisitor = ({ name, email }: NamedVisitor): LeadName => {
  const words = (name ?? "").split(/\p{White_Space}+/u).filter(EmailKey.isGiven)
  const last = words.at(-1)
  if (last === undefined) return { firstName: null, lastName: EmailKey.localPart(email) ?? email }
  return { firstName: words.length === 1 ? null : words.slice(0, -1).join(" "), lastName: last }
}
