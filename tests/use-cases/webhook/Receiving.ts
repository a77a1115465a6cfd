import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { Id } from "leadline"
import { type Delivery, DeliveryFailed, WebhookSender } from "leadline/ports"
import { drainWebhooks, requestChat, saveWebhook, sendMessage } from "leadline/use-cases"
import { account, importer } from "../crm/World.ts"
import { visitorAt, visitorId } from "../panel/Chats.ts"

export const hook = Id.WebhookId.make("w")

/** One try to deliver, in seconds. */
export interface Try {
  readonly at: number
  readonly delivery: Delivery
}

export const refusing = (status: number, retryAfterMillis: number | null = null) =>
  new DeliveryFailed({ reason: "answered", status, retryAfterMillis })

/** A receiver that says what it is told to say. */
export const receiver = (answer: (delivery: Delivery, before: number) => DeliveryFailed | null = () => null) => {
  const tries: Array<Try> = []
  const taken: Array<Delivery> = []
  const sender = WebhookSender.of({
    isAllowed: (url) => !url.includes("forbidden"),
    send: (_, delivery) =>
      Effect.gen(function* () {
        const before = tries.filter((one) => one.delivery.id === delivery.id).length
        tries.push({ delivery, at: (yield* Clock.currentTimeMillis) / 1_000 })
        yield* Effect.yieldNow
        const failure = answer(delivery, before)
        if (failure !== null) return yield* failure
        taken.push(delivery)
        return { status: 200 }
      })
  })
  const on = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, WebhookSender, sender)
  const drain = on(drainWebhooks(account))
  return {
    ...{ taken, tries, on, drain },
    /** Delivers once a second, for so long. */
    lives: Effect.fnUntraced(function* (seconds: number) {
      for (let second = 0; second < seconds; second++) {
        yield* TestClock.adjust("1 second")
        yield* drain
      }
    }),
    saved: (
      more: { readonly types?: ReadonlyArray<string>; readonly isEnabled?: boolean; readonly after?: number } = {}
    ) => on(saveWebhook(importer, { id: hook, url: "https://hooks.example/in", types: [], isEnabled: true, ...more }))
  }
}

/** What a delivery tells: its chat and its event. */
export const told = ({ event }: Delivery): string => `${event?.entry.event.stream} ${event?.entry.event.payload._tag}`

/** A chat that somebody asks for. */
export const asking = (id: string) =>
  requestChat(visitorAt(id), { chatId: Id.ChatId.make(id), visitorId: visitorId(id), email: `${id}@example.com` })

export const saying = (id: string, text: string) => sendMessage(visitorAt(id), { chatId: Id.ChatId.make(id), text })
