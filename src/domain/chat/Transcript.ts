import { Schema } from "effect"
import { Content } from "../account/Content.ts"
import { AgentId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import * as Sha256 from "./Sha256.ts"

/** Who wrote a message. */
export const Author = Schema.Union([
  Schema.TaggedStruct("Visitor", {}),
  Schema.TaggedStruct("Agent", { agentId: AgentId }),
  Schema.TaggedStruct("System", {})
])
export type Author = typeof Author.Type

/** The state of the rolling SHA-256 chain over a transcript, lower-case hex (D7). */
export const Digest = Schema.String.check(Schema.isPattern(/^[0-9a-f]{64}$/)).pipe(Schema.brand("Digest"))
export type Digest = typeof Digest.Type

const message = { number: Schema.Int, at: Instant, content: Content }

/** A message that the visitor sees. */
export const PublicMessage = Schema.Struct({ ...message, visibility: Schema.Literal("public"), author: Author })
export type PublicMessage = typeof PublicMessage.Type

/** A note between agents: never reaches the visitor (D8). */
export const InternalNote = Schema.Struct({
  ...message,
  visibility: Schema.Literal("internal"),
  author: Schema.TaggedStruct("Agent", { agentId: AgentId })
})
export type InternalNote = typeof InternalNote.Type

/** One line of a transcript, numbered 1..n without gaps, in order of time (D7). */
export const Message = Schema.Union([PublicMessage, InternalNote])
export type Message = typeof Message.Type

/** What the chain starts from. */
export const emptyDigest = "0".repeat(64) as Digest

/**
 * The chain with one more message (D7). No part can hold the separator, so two different messages never hash the same
 * text. Role, not author: the digest must verify after an agent's account is gone.
 */
export const extend = (previous: Digest, line: Message): Digest =>
  Sha256.hex(
    `${previous}|${line.number}|${line.at}|${line.author._tag}|${line.visibility}|${line.content.commitment}`
  ) as Digest

/** What is wrong with a transcript, if anything: the first line that breaks a rule of D7. */
export type Flaw =
  | { readonly _tag: "Gap"; readonly expected: number; readonly found: number }
  | { readonly _tag: "OutOfOrder"; readonly number: number }
  | { readonly _tag: "DigestDiffers" }

/** Checks a whole transcript against the digest in its chat's summary (D7). Works after erasure, too (J4). */
export const verify = (lines: Iterable<Message>, digest: Digest): Flaw | null => {
  let chain = emptyDigest
  let number = 0
  let last = Number.NEGATIVE_INFINITY
  for (const line of lines) {
    number++
    if (line.number !== number) return { _tag: "Gap", expected: number, found: line.number }
    if (line.at < last) return { _tag: "OutOfOrder", number }
    last = line.at
    chain = extend(chain, line)
  }
  return chain === digest ? null : { _tag: "DigestDiffers" }
}

/** The part of a transcript that the visitor may see (D8): the type leaves no room for anything else. */
export const publicPart = (lines: Iterable<Message>): ReadonlyArray<PublicMessage> => {
  const shown: Array<PublicMessage> = []
  for (const line of lines) if (line.visibility === "public") shown.push(line)
  return shown
}
