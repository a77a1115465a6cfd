import type { Notice } from "leadline"
import type { Progress } from "../Script.ts"

/** What a host is told when it starts, as JSON in its argument. */
export interface Start {
  readonly url: string
  readonly schema: string
  readonly name: string
  readonly pollMillis?: number
  /** Whether it runs the bridge and the timers, as hosts do. */
  readonly works: boolean
  /** How far its bridge's clock is ahead, so that it takes over at once what a killed host had claimed. */
  readonly bridgeAheadMillis?: number
}

/** What a host can be asked, a line of JSON each on its stdin. */
export type Ask =
  | {
      readonly _tag: "Play"
      readonly seed: number
      readonly chats: number
      readonly lanes: ReadonlyArray<readonly [lane: number, from: Progress]>
    }
  /** All of these agents answer the chat at once. */
  | { readonly _tag: "Answer"; readonly chatId: string; readonly agents: ReadonlyArray<number> }
  /** Transfers of the chat, all at once, each by its server to another agent of this list. */
  | { readonly _tag: "Transfer"; readonly chatId: string; readonly by: number; readonly to: ReadonlyArray<number> }
  | { readonly _tag: "Deal"; readonly leads: ReadonlyArray<string>; readonly atOnce: number }
  /** Follows the log from its beginning; `Saw` says what came so far. */
  | { readonly _tag: "Follow" }
  | { readonly _tag: "Saw" }

/** How a command ended, when it was told at what time, for asks that race. */
export type Ending = { readonly done: unknown } | { readonly refused: unknown }

/** What a host says, a line of JSON each on its stdout. */
export type Say =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Acknowledged"; readonly lane: number; readonly next: Progress }
  | { readonly _tag: "Told"; readonly notice: Notice.Notice }
  | { readonly _tag: "Answered"; readonly ask: number; readonly answer: unknown }
  | { readonly _tag: "Failed"; readonly ask: number; readonly error: string }

/** An event as a follower saw it, and when. */
export interface Seen {
  readonly position: number
  readonly id: string
  readonly tag: string
  readonly at: number
}
