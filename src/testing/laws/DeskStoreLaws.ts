import type { DeskStore } from "../../ports/DeskStore.ts"
import { closedChatsLaws } from "./ClosedChatsLaws.ts"
import { deskPeopleLaws } from "./DeskPeopleLaws.ts"
import { deskQueueLaws } from "./DeskQueueLaws.ts"
import type { Law } from "./Law.ts"

/** The laws of the chat side's own reads. */
export const deskStoreLaws: ReadonlyArray<Law<DeskStore>> = [...deskQueueLaws, ...closedChatsLaws, ...deskPeopleLaws]
