import { Result } from "effect"
import fc from "fast-check"
import { Id, Instant, Webhook } from "leadline"
import { AccountArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const toSave = (more: Partial<Webhook.WebhookToSave> = {}): Webhook.WebhookToSave => ({
  id: Id.WebhookId.make("w"),
  url: "https://hooks.example/in",
  types: [],
  isEnabled: true,
  ...more
})
const now = Instant.fromMillis(1_000)
const later = (millis: number) => Instant.plusMillis(now, millis)

describe("a webhook", () => {
  it.each([
    ["https://hooks.example", null],
    ["http://hooks.example:8080/in?token=x#y", null],
    ["https://[2001:db8::1]/in", null],
    ["ftp://hooks.example", "notAUrl"],
    ["hooks.example/in", "notAUrl"],
    ["https:///in", "notAUrl"],
    ["https://hooks.example/a b", "notAUrl"],
    ["https://hooks.example\\@evil.example/", "notAUrl"],
    ["javascript:alert(1)//https://x", "notAUrl"],
    ["https://ada:secret@hooks.example/", "credentials"]
  ])("at %s: %s", (url, reason) => {
    const checked = Webhook.check(toSave({ url }))
    expect(Result.isFailure(checked) ? checked.failure : null).toEqual(
      reason === null ? null : { _tag: "UnusableUrl", reason }
    )
  })

  it("names the field, the limit and the size of what is too long", () => {
    const url = `https://hooks.example/${"x".repeat(Webhook.MAX_URL)}`
    expect(Webhook.check(toSave({ url }))).toEqual(
      Result.fail({ _tag: "TooLong", field: "url", limit: 2_048, size: url.length })
    )
    const types = Array.from({ length: 101 }, (_, n) => `T${n}`)
    expect(Webhook.check(toSave({ types }))).toEqual(
      Result.fail({ _tag: "TooMany", field: "types", limit: 100, size: 101 })
    )
  })

  it("is for the events it names, or all; never for what became of webhooks' own deliveries", () => {
    const all = Webhook.saved(null, toSave(), "whsec_a")
    const some = Webhook.saved(null, toSave({ types: ["ChatClosed", "ChatClosed"] }), "whsec_a")
    expect(some.types).toEqual(["ChatClosed"])
    const event = (type: string, stream = "chat/c") => ({ type, stream })
    expect(Webhook.wants(all, event("MessageSent"))).toBe(true)
    expect(Webhook.wants(some, event("ChatClosed"))).toBe(true)
    expect(Webhook.wants(some, event("MessageSent"))).toBe(false)
    expect(Webhook.wants(all, event("WorkGivenUp", "bridge/crm-to-desk"))).toBe(true)
    expect(Webhook.wants(all, event("WorkGivenUp", `bridge/${Webhook.bridgeOf(all.id)}`))).toBe(false)
  })

  it("keeps its secret when it is saved again", () => {
    const first = Webhook.saved(null, toSave(), "whsec_a")
    const again = Webhook.saved(first, toSave({ url: "https://other.example", isEnabled: false }), "whsec_b")
    expect(again).toEqual({ ...first, url: "https://other.example", isEnabled: false })
  })

  it("signs with a new secret and the one before for a day, then with the new one alone", () => {
    const webhook = Webhook.rotated(Webhook.saved(null, toSave(), "whsec_a"), "whsec_b", now)
    expect(Webhook.signing(webhook, now)).toEqual(["whsec_b", "whsec_a"])
    expect(Webhook.signing(webhook, later(Webhook.OVERLAP_MILLIS - 1))).toEqual(["whsec_b", "whsec_a"])
    expect(Webhook.signing(webhook, later(Webhook.OVERLAP_MILLIS))).toEqual(["whsec_b"])
  })

  it("always signs with the newest secret, and with two at most, however often it is rotated", () =>
    fc.assert(
      fc.property(
        AccountArbitrary.webhookId,
        fc.array(fc.tuple(fc.string(), fc.nat(2 * Webhook.OVERLAP_MILLIS)), { minLength: 1 }),
        (id, rotations) => {
          let webhook = Webhook.saved(null, toSave({ id }), "first")
          let at = now
          for (const [secret, wait] of rotations) {
            at = Instant.plusMillis(at, wait)
            const before = Webhook.signing(webhook, at)[0]
            webhook = Webhook.rotated(webhook, secret, at)
            expect(Webhook.signing(webhook, at)).toEqual([secret, before])
          }
        }
      )
    ))
})
