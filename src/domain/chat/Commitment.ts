import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js"
import type { Commitment, Content, ContentRef, StoredContent, Subject } from "../account/Content.ts"
import * as Sha256 from "./Sha256.ts"

/** What sealing needs from outside: the decider has no randomness of its own (K4). */
export interface Seal {
  readonly ref: ContentRef
  /** 16 random bytes, lower-case hex. Source: J4; decision: 128 bits, because guessing must be hopeless. */
  readonly salt: string
}

/** A personal value taken apart: `content` for states and events, `stored` for the content store (J4). */
export interface Sealed {
  readonly content: Content
  readonly stored: StoredContent
}

/** SHA-256(salt ‖ UTF-8 of value), lower-case hex (J4). */
export const commit = (salt: string, value: string): Commitment =>
  Sha256.hex(concatBytes(hexToBytes(salt), utf8ToBytes(value))) as Commitment

/**
 * Text as stores can keep it: well-formed Unicode without NUL. Lone surrogates and NUL become U+FFFD, because neither
 * has a UTF-8 or SQL form and a commitment must prove what a reader gets.
 */
export const storable = (text: string): string => text.toWellFormed().replaceAll("\u0000", "\uFFFD")

/** Detaches a personal value (J4). */
export const seal = (seal: Seal, subject: Subject, text: string): Sealed => {
  const value = storable(text)
  return {
    content: { ref: seal.ref, commitment: commit(seal.salt, value) },
    stored: { ref: seal.ref, subject, salt: seal.salt, value }
  }
}

/** Whether a stored value is the one that was committed to. */
export const verifies = (content: Content, stored: StoredContent): boolean =>
  content.ref === stored.ref && content.commitment === commit(stored.salt, stored.value)

/** SHA-256 of a text's UTF-8 form, lower-case hex. */
export const sha256Hex = (text: string): string => Sha256.hex(text)
