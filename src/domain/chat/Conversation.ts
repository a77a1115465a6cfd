import type { Readable } from "../account/Content.ts"
import type { ChatId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"

/** A line as people see it who may not see agents' ids: visitors (D8). */
export interface SpokenLine {
  readonly number: number
  readonly at: Instant
  readonly from:
    | { readonly _tag: "Visitor" }
    | { readonly _tag: "Agent"; readonly name: string }
    | { readonly _tag: "System" }
  readonly text: Readable
}

/** A chat's public part: what a visitor, a feed or a mail shows of it (D8, H1). */
export interface Conversation {
  readonly chatId: ChatId
  readonly startedAt: Instant
  /** `null`: it is open. */
  readonly endedAt: Instant | null
  /** The name the visitor typed; `null`: none. */
  readonly visitorName: Readable | null
  /** First to serve first; the names that agents show. */
  readonly agentNames: ReadonlyArray<string>
  readonly lines: ReadonlyArray<SpokenLine>
}
