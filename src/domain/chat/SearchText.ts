import { Result, Schema } from "effect"
import type { Blank, TooLong } from "../account/Limits.ts"
import { storable } from "./Commitment.ts"
import type { Message } from "./Transcript.ts"

/** decision: a sentence or two; who looks for more has the chat before them. */
export const MAX_SEARCH_LENGTH = 255

/** Longest excerpt of a hit, in characters (code points). decision: as long as a chat's beginning in feeds (H1). */
export const EXCERPT_LENGTH = 280

/** How much of an excerpt stands before what was found. decision: the words after it say more than those before. */
const BEFORE_HIT = 80

/**
 * A text as searches compare it: NFC, lower-case, in no language's own way; both Greek sigmas are one. As long as the NFC
 * form, so that a place in one is the place in the other: U+0130, the only character that grows when it is lowered
 * (Unicode, SpecialCasing.txt), becomes a plain `i`.
 */
export const fold = (text: string): string =>
  text.normalize("NFC").replaceAll("\u0130", "i").toLowerCase().replaceAll("\u03C2", "\u03C3")

/** The words of a search, folded, each once. What is between blanks is a word, whatever it is made of. */
export const wordsOf = (typed: string): Result.Result<ReadonlyArray<string>, Blank | TooLong> => {
  if (typed.length > MAX_SEARCH_LENGTH)
    return Result.fail({ _tag: "TooLong", field: "text", limit: MAX_SEARCH_LENGTH, size: typed.length })
  const words = [...new Set(fold(storable(typed)).split(/\s+/u))].filter((word) => word !== "")
  return words.length === 0 ? Result.fail({ _tag: "Blank", field: "text" }) : Result.succeed(words)
}

/** Whether a text holds every word, anywhere and in any order: as they are, since no character means anything else. */
export const holds = (text: string, words: ReadonlyArray<string>): boolean => {
  const folded = fold(text)
  return words.every((word) => folded.includes(word))
}

/** The part of a text that shows the first of its found words; `…` where something was cut off. */
export const excerptOf = (text: string, words: ReadonlyArray<string>): string => {
  const whole = text.normalize("NFC")
  const folded = fold(text)
  const places = words.map((word) => folded.indexOf(word)).filter((place) => place >= 0)
  const characters = [...whole]
  const hit = [...whole.slice(0, places.length === 0 ? 0 : Math.min(...places))].length
  const start = Math.max(0, Math.min(hit - BEFORE_HIT, characters.length - EXCERPT_LENGTH))
  const end = start + EXCERPT_LENGTH
  const cut = characters.slice(start, end).join("")
  return `${start > 0 ? "…" : ""}${cut}${end < characters.length ? "…" : ""}`
}

/** The message that a search found in a chat: the first that holds all its words. */
export interface Hit {
  readonly message: Message
  readonly text: string
}

/** A search asks for something that this account's adapter cannot do: what. */
export const CannotSearchBy = Schema.TaggedStruct("CannotSearchBy", {
  criteria: Schema.Array(Schema.Literals(["text", "agent", "visitor", "period"]))
})
export type CannotSearchBy = typeof CannotSearchBy.Type
