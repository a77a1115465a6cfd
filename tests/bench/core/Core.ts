import { type Case, same } from "../Case.ts"
import * as ChatMachine from "./ChatMachine.ts"
import * as ChatWalk from "./ChatWalk.ts"
import * as Flow from "./Flow.ts"
import { given } from "./Given.ts"
import * as PlainFlow from "./PlainFlow.ts"

/** decision: many flows per call, because one is too short for a clock. */
const FLOWS = 200

const sellers = ["sam", "sue", "sid"]

const times = (size: number, work: () => unknown) => () => {
  for (let n = 0; n < size; n++) work()
}

export const cases: ReadonlyArray<Case> = [
  {
    name: "core.flow",
    says: "the deciders alone: request, answer, 15 messages, lead, end, feed",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "plain", atLeast: 0.4 }],
    open: async () => {
      const commands = Flow.commandsOf(given)
      const [ours, plain] = [Flow.opened(sellers), PlainFlow.opened(sellers)]
      return {
        ours: { task: times(FLOWS, () => Flow.flow(given, commands, ours)), units: FLOWS, isSync: true },
        baselines: [
          { against: "plain", task: times(FLOWS, () => PlainFlow.flow(given, plain)), units: FLOWS, isSync: true }
        ],
        check: () => {
          for (const _ of sellers) same("outcome", Flow.flow(given, commands, ours), PlainFlow.flow(given, plain))
        }
      }
    }
  },
  {
    name: "core.chat",
    says: "the chat's decider against a statechart of the same chat",
    kind: "speed",
    unit: "per second",
    targets: [{ against: "xstate", atLeast: 20 }],
    open: async () => {
      const commands = Flow.commandsOf(given)
      return {
        ours: { task: times(FLOWS, () => ChatWalk.walk(given, commands)), units: FLOWS, isSync: true },
        baselines: [
          { against: "xstate", task: times(FLOWS, () => ChatMachine.walk(given)), units: FLOWS, isSync: true }
        ],
        check: () => same("outcome", ChatWalk.walk(given, commands), ChatMachine.walk(given))
      }
    }
  }
]
