import { Context } from "effect"
import { customAlphabet, nanoid } from "nanoid"

/** Where ids and salts come from. A reference with a default, so that nobody has to provide it; tests replace it. */
export interface IdsShape {
  /** A new id, unique for all practical purposes. */
  readonly next: () => string
  /** 16 random bytes, lower-case hex (J4). */
  readonly salt: () => string
}

const salt = customAlphabet("0123456789abcdef", 32)

export const Ids = Context.Reference<IdsShape>("leadline/Ids", {
  defaultValue: () => ({ next: () => nanoid(), salt: () => salt() })
})
