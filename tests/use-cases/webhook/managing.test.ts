import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Id, Webhook } from "leadline"
import { DeskStore } from "leadline/ports"
import {
  deleteWebhook,
  moveWebhook,
  readWebhookSecret,
  readWebhooks,
  rotateWebhookSecret,
  saveWebhook,
  tryWebhook
} from "leadline/use-cases"
import { account, importer } from "../crm/World.ts"
import { agentAt, agentOf, hire, world } from "../panel/Chats.ts"
import { asking, hook, receiver, refusing } from "./Receiving.ts"

const input = { webhookId: hook }
const missing = { _tag: "WebhookNotFound", webhookId: hook }

describe("webhooks", () => {
  it.effect("are the business of who operates the account, and of nobody else (J3)", () =>
    world(
      Effect.gen(function* () {
        const { on, saved } = receiver()
        yield* saved()
        yield* hire(agentOf("admin", { isChatAdministrator: true }))
        const admin = agentAt("admin")
        const toSave = { id: hook, url: "https://hooks.example", types: [], isEnabled: true }
        const refused = <A, E, R>(command: Effect.Effect<A, E, R>) => Effect.flip(Effect.asVoid(on(command)))
        const refusals = [
          yield* refused(saveWebhook(admin, toSave)),
          yield* refused(deleteWebhook(admin, input)),
          yield* refused(rotateWebhookSecret(admin, input)),
          yield* refused(moveWebhook(admin, { ...input, after: 0 })),
          yield* refused(readWebhooks(admin)),
          yield* refused(readWebhookSecret(admin, input)),
          yield* refused(tryWebhook(admin, input))
        ]
        for (const refusal of refusals) {
          expect(refusal).toMatchObject({ _tag: "AccessDenied", action: "account.operate" })
        }
      })
    )
  )

  it.effect("refuse an address that may not be called, and more than twenty of them", () =>
    world(
      Effect.gen(function* () {
        const { on } = receiver()
        const save = (id: string, url = "https://hooks.example") =>
          on(saveWebhook(importer, { id: Id.WebhookId.make(id), url, types: [], isEnabled: true }))
        expect(yield* Effect.flip(save("w", "https://forbidden.example"))).toEqual({
          ...{ _tag: "UnusableUrl", reason: "notAllowed" }
        })
        for (let n = 0; n < 20; n++) yield* save(`w${n}`)
        expect(yield* Effect.flip(save("more"))).toEqual({ _tag: "TooMany", field: "webhooks", limit: 20, size: 21 })
        yield* save("w3", "https://other.example")
        expect((yield* readWebhooks(importer)).map(({ id }) => id)).toEqual(
          Array.from({ length: 20 }, (_, n) => `w${n}`)
        )
      })
    )
  )

  it.effect("show no secret but to who asks for it, and none in the log or in remembered answers", () =>
    world(
      Effect.gen(function* () {
        const { on, saved } = receiver()
        yield* saved()
        const { secret } = yield* readWebhookSecret(importer, input)
        expect(secret).toMatch(/^whsec_[0-9a-f]{64}$/)
        const keyed = { ...importer, idempotencyKey: "k" }
        const answers = [yield* rotateWebhookSecret(keyed, input), yield* rotateWebhookSecret(keyed, input)]
        const rotated = yield* readWebhookSecret(importer, input)
        expect(rotated.secret).not.toBe(secret)
        expect(yield* Effect.map(readWebhookSecret(importer, input), (read) => read.secret)).toBe(rotated.secret)
        const { entries } = yield* (yield* DeskStore).log(account, 0, 100)
        const shown = JSON.stringify([
          answers,
          entries,
          yield* readWebhooks(importer),
          yield* on(tryWebhook(importer, input))
        ])
        expect(shown).not.toContain("whsec_")
      })
    )
  )

  it.effect("send what says nothing to try a receiver, signed by all secrets that sign now", () =>
    world(
      Effect.gen(function* () {
        let status = 200
        const { on, saved, tries } = receiver(() => (status === 200 ? null : refusing(status)))
        yield* saved()
        yield* rotateWebhookSecret(importer, input)
        expect(yield* on(tryWebhook(importer, input))).toEqual({ isTaken: true, reason: "answered", status: 200 })
        expect(tries[0]?.delivery).toMatchObject({ webhookId: hook, event: null })
        expect(tries[0]?.delivery.secrets).toHaveLength(2)
        status = 500
        yield* TestClock.adjust("1 day")
        expect(yield* on(tryWebhook(importer, input))).toEqual({ isTaken: false, reason: "answered", status: 500 })
        expect(tries[1]?.delivery.secrets).toHaveLength(1)
      })
    )
  )

  it.effect("that are taken away leave nothing behind", () =>
    world(
      Effect.gen(function* () {
        const { drain, on, saved, tries } = receiver(() => refusing(500))
        yield* saved({ types: ["ChatRequested"] })
        for (let n = 0; n < 250; n++) yield* asking(`c${n}`)
        yield* drain
        const before = tries.length
        yield* deleteWebhook(importer, input)
        const store = yield* DeskStore
        expect(yield* store.parked(account, Webhook.bridgeOf(hook), 9)).toEqual([])
        const [webhook, cursor] = yield* store.get(account, [
          { kind: "webhook", id: hook },
          { kind: "cursor", id: Webhook.bridgeOf(hook) }
        ])
        expect([webhook.value, cursor.value]).toEqual([null, null])
        yield* TestClock.adjust("1 day")
        yield* drain
        expect(tries.length).toBe(before)
        expect(yield* readWebhooks(importer)).toEqual([])
        expect(yield* deleteWebhook(importer, input)).toEqual(input)
        expect(yield* Effect.flip(rotateWebhookSecret(importer, input))).toEqual(missing)
        expect(yield* Effect.flip(moveWebhook(importer, { ...input, after: 0 }))).toEqual(missing)
        expect(yield* Effect.flip(readWebhookSecret(importer, input))).toEqual(missing)
        expect(yield* Effect.flip(on(tryWebhook(importer, input)))).toEqual(missing)
      })
    )
  )
})
