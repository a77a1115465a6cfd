import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect } from "effect"
import type { Content, Event, Id } from "leadline"
import { StoreError, type StoreErrorReason } from "leadline/ports"

/** A record as the file holds it. `due` and `contents` are what it was put with. */
export interface Slot {
  readonly version: number
  readonly value: unknown
  readonly contents: ReadonlyArray<Content.ContentRef>
  readonly due: number | null
}

/** All that one account has in one world. The n-th event is at position n. */
export interface Document {
  lastVersion: number
  lastQueueNumber: number
  readonly slots: Record<string, Slot>
  readonly events: Array<Event.Event<unknown>>
  readonly texts: Record<string, Content.StoredContent>
}

const empty = (): Document => ({
  ...{ lastVersion: 0, lastQueueNumber: 0, events: [] },
  // no prototype: ids may be named like its members
  ...{ slots: Object.create(null) as Record<string, Slot>, texts: Object.create(null) as Document["texts"] }
})

/** Every failure of the disk, classified in one place: what a caller can do about it is all they need to know (K3). */
export const diskError = (operation: string) => (cause: unknown) => {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined
  const reasons: Record<string, StoreErrorReason> = {
    ...{ ENOSPC: "full", EDQUOT: "full", EROFS: "readOnly" },
    ...{ EACCES: "misconfigured", EPERM: "misconfigured", ENOTDIR: "misconfigured" }
  }
  const reason = cause instanceof SyntaxError ? "corrupt" : (reasons[String(code)] ?? "unavailable")
  return new StoreError({ reason, isRetryable: reason === "unavailable" || reason === "readOnly", operation, cause })
}

/** A file per account. An account's name may hold what a file's name may not. */
const pathOf = (folder: string, account: Id.AccountId): string =>
  join(folder, `${Buffer.from(account).toString("hex")}.json`)

/** Reads an account's document; nothing was ever written: an empty one. */
export const load = (folder: string, account: Id.AccountId): Effect.Effect<Document, StoreError> =>
  Effect.tryPromise({ try: () => readFile(pathOf(folder, account), "utf8"), catch: diskError("load") }).pipe(
    Effect.flatMap((text) => Effect.try({ try: () => revived(text), catch: diskError("load") })),
    Effect.catchIf(isAbsent, () => Effect.succeed(empty()))
  )

const isAbsent = ({ cause }: StoreError): boolean =>
  typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENOENT"

const revived = (text: string): Document => {
  const { slots, texts, ...rest } = JSON.parse(text) as Document
  const bare = empty()
  return { ...rest, slots: Object.assign(bare.slots, slots), texts: Object.assign(bare.texts, texts) }
}

/** Writes it beside the old one, then takes its place: whole or not at all, also when the power fails (K2). */
export const save = (folder: string, account: Id.AccountId, document: Document): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      const path = pathOf(folder, account)
      await mkdir(folder, { recursive: true })
      await writeFile(`${path}.new`, JSON.stringify(document), { flush: true })
      await rename(`${path}.new`, path)
    },
    catch: diskError("save")
  })
