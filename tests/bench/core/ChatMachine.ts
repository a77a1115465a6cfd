import { hash } from "node:crypto"
import { type ActorRefFrom, assign, createActor, setup } from "xstate"
import type { Given, Text } from "./Given.ts"

/**
 * The chat as a statechart: waiting, served, left, closing with its memory of where it was, closed; the same summary in
 * its context. What a guard refuses changes nothing.
 */
interface Context {
  readonly visitorId: string
  readonly requestedAt: number
  readonly serving: ReadonlyArray<{ readonly agentId: string; readonly joinedAt: number }>
  readonly servedBy: ReadonlyArray<string>
  readonly messages: {
    readonly total: number
    readonly visitor: number
    readonly agent: number
    readonly internal: number
  }
  readonly lastMessageAt: number | null
  readonly beginning: Text | null
  readonly digest: string
}

type Said = { readonly text: Text; readonly now: number }
type Event =
  | { readonly type: "answer"; readonly agentId: string; readonly now: number }
  | ({ readonly type: "visitor.says" } & Said)
  | ({ readonly type: "agent.says"; readonly agentId: string } & Said)
  | { readonly type: "leave"; readonly agentId: string }
  | { readonly type: "page.left" }
  | { readonly type: "page.back" }
  | { readonly type: "end" }

const withMessage = (context: Context, author: "Visitor" | "Agent", { now, text }: Said) => {
  const at = Math.max(now, context.lastMessageAt ?? context.requestedAt)
  const number = context.messages.total + 1
  return {
    messages: {
      ...context.messages,
      total: number,
      visitor: context.messages.visitor + (author === "Visitor" ? 1 : 0),
      agent: context.messages.agent + (author === "Agent" ? 1 : 0)
    },
    lastMessageAt: at,
    beginning: context.beginning ?? text,
    digest: hash("sha256", `${context.digest}|${number}|${at}|${author}|public|${text.commitment}`)
  }
}

const isSayable = ({ typed }: Text): boolean => typed.trim() !== "" && typed.length <= 16_000

const machine = setup({
  types: { context: {} as Context, events: {} as Event, input: {} as { visitorId: string; now: number } },
  guards: {
    sayable: ({ event }) => "text" in event && isSayable(event.text),
    serves: ({ context, event }) =>
      "agentId" in event && context.serving.some(({ agentId }) => agentId === event.agentId),
    servesAndSayable: ({ context, event }) =>
      event.type === "agent.says" &&
      context.serving.some(({ agentId }) => agentId === event.agentId) &&
      isSayable(event.text),
    returns: ({ context, event }) => event.type === "answer" && context.servedBy.includes(event.agentId)
  },
  actions: {
    join: assign(({ context, event }) =>
      event.type !== "answer"
        ? {}
        : {
            serving: [...context.serving, { agentId: event.agentId, joinedAt: event.now }],
            servedBy: context.servedBy.includes(event.agentId) ? context.servedBy : [...context.servedBy, event.agentId]
          }
    ),
    part: assign(({ context, event }) =>
      event.type !== "leave" ? {} : { serving: context.serving.filter(({ agentId }) => agentId !== event.agentId) }
    ),
    visitorSays: assign(({ context, event }) =>
      event.type === "visitor.says" ? withMessage(context, "Visitor", event) : {}
    ),
    agentSays: assign(({ context, event }) =>
      event.type === "agent.says" ? withMessage(context, "Agent", event) : {}
    ),
    seal: assign({ serving: [] })
  }
}).createMachine({
  context: ({ input }) => ({
    visitorId: input.visitorId,
    requestedAt: input.now,
    serving: [],
    servedBy: [],
    messages: { total: 0, visitor: 0, agent: 0, internal: 0 },
    lastMessageAt: null,
    beginning: null,
    digest: "0".repeat(64)
  }),
  initial: "open",
  states: {
    open: {
      initial: "waiting",
      on: { end: { target: "closed", actions: "seal" }, "page.left": "closing" },
      states: {
        waiting: {
          on: {
            answer: { target: "served", actions: "join" },
            "visitor.says": { guard: "sayable", actions: "visitorSays" }
          }
        },
        served: {
          on: {
            "visitor.says": { guard: "sayable", actions: "visitorSays" },
            "agent.says": { guard: "servesAndSayable", actions: "agentSays" },
            leave: { target: "left", guard: "serves", actions: "part" }
          }
        },
        left: {
          on: {
            answer: { target: "served", guard: "returns", actions: "join" },
            "visitor.says": { target: "waiting", guard: "sayable", actions: "visitorSays" }
          }
        },
        before: { type: "history" }
      }
    },
    closing: {
      on: {
        "page.back": "open.before",
        "visitor.says": { target: "open.before", guard: "sayable", actions: "visitorSays" },
        end: { target: "closed", actions: "seal" }
      }
    },
    closed: { type: "final" }
  }
})

const said = (chat: ActorRefFrom<typeof machine>, given: Given) => {
  for (const [n, text] of given.messages.entries()) {
    const now = given.from + n * 1000
    chat.send(n % 2 === 0 ? { type: "visitor.says", text, now } : { type: "agent.says", agentId: "agent-0", text, now })
  }
}

/** Request, answer, messages, the agent leaves and returns, the page is left and opened again, the end. */
export const walk = (given: Given) => {
  const chat = createActor(machine, { input: { visitorId: "visitor", now: given.from } })
  chat.start()
  chat.send({ type: "answer", agentId: "agent-0", now: given.from })
  said(chat, given)
  chat.send({ type: "leave", agentId: "agent-0" })
  chat.send({ type: "answer", agentId: "agent-0", now: given.from })
  chat.send({ type: "page.left" })
  chat.send({ type: "page.back" })
  chat.send({ type: "end" })
  const { context, status } = chat.getSnapshot()
  return { isClosed: status === "done", digest: context.digest, messages: context.messages, servedBy: context.servedBy }
}
