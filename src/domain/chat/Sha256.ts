import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

/** What hosts with Node's modules (Node, Deno, Bun) give to code that runs elsewhere, too. */
interface Host {
  readonly process?: {
    readonly getBuiltinModule?: (
      id: "node:crypto"
    ) => { readonly hash?: (algorithm: "sha256", data: string | Uint8Array) => string } | undefined
  }
}

const native = (globalThis as Host).process?.getBuiltinModule?.("node:crypto")?.hash

/** SHA-256 in TypeScript, for hosts without a synchronous one of their own: browsers, edge runtimes. */
export const portable = (data: string | Uint8Array): string =>
  bytesToHex(sha256(typeof data === "string" ? utf8ToBytes(data) : data))

/**
 * SHA-256 of bytes, or of a text's UTF-8 form, as lower-case hex: the host's own where there is one, because each message
 * has its digest (D7) and the host's takes a fifth of the time. The same answer everywhere.
 */
export const hex: (data: string | Uint8Array) => string =
  native === undefined ? portable : (data) => native("sha256", data)
