import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { Id, Instant } from "leadline"
import { SettingsStore } from "leadline/ports"
import { changeSettings, editLayout, readSettingsHistory, type SettingsChange } from "leadline/use-cases"
import { account, importer, run, saveUsers, user } from "../crm/World.ts"
import { agentAt, agentOf, hire, settle, userAt, visitorAt, world } from "../panel/Chats.ts"

/** `boss` is a CRM administrator, `a1` a Chat administrator; `plain` and `a2` are neither. */
const cast = Effect.gen(function* () {
  yield* saveUsers(user("boss", { isCrmAdministrator: true }), user("plain"))
  yield* hire(agentOf("a1", { isChatAdministrator: true }), agentOf("a2"))
})

const phone = Id.FieldId.make("phone")

/** Many edits of a layout, in the same log. */
const draftChanges = (many: number) =>
  Effect.gen(function* () {
    const store = yield* SettingsStore
    yield* store.commit(account, {
      expect: [],
      put: [],
      remove: [],
      contents: [],
      events: Array.from({ length: many }, (_, n) => ({
        id: Id.EventId.make(`draft-${n}`),
        stream: "layout/lead",
        number: 0,
        at: Instant.fromMillis(0),
        actor: importer.actor,
        surface: "crm" as const,
        schemaVersion: 2,
        payload: { _tag: "LayoutDraftChanged" as const, recordKind: "lead" as const, fields: [phone] },
        contents: []
      })),
      remember: null
    })
  })

describe("the history of settings", () => {
  it.effect("says who, when, from where, before and after, oldest first; layouts have their own (H6, J3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* TestClock.adjust("5 seconds")
        yield* changeSettings(userAt("boss"), { pastChatsInFeed: false, leadStatus: "Fresh" })
        yield* editLayout(userAt("boss"), { recordKind: "lead", edit: { _tag: "Remove", fieldId: phone } })
        yield* TestClock.adjust("1 second")
        yield* changeSettings(agentAt("a1"), { chatLimit: 3 })
        const { changes, isLast, next } = yield* readSettingsHistory(agentAt("a1"))
        expect(changes).toMatchObject([
          {
            at: 5_000,
            by: userAt("boss").actor,
            surface: "crm",
            before: { pastChatsInFeed: true, leadStatus: "New" },
            after: { pastChatsInFeed: false, leadStatus: "Fresh" }
          },
          { at: 6_000, by: agentAt("a1").actor, surface: "chat", before: { chatLimit: null }, after: { chatLimit: 3 } }
        ])
        expect(Object.keys(changes[1]?.after ?? {})).toEqual(["chatLimit"])
        expect(isLast).toBe(true)
        expect((yield* readSettingsHistory(userAt("boss"), { after: next })).changes).toEqual([])
        yield* settle({ leadStatus: "New" })
        expect((yield* readSettingsHistory(userAt("boss"), { after: next })).changes).toHaveLength(1)
      })
    )
  )

  it("holds each change once, in order, in pages of any size, among layouts' changes (K2)", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (steps, limit) =>
        run(
          Effect.gen(function* () {
            let made = 0
            for (const [n, isSetting] of steps.entries()) {
              if (isSetting) yield* settle({ leadStatus: `status ${++made}` })
              else
                yield* editLayout(importer, {
                  recordKind: "lead",
                  edit: { _tag: "Move", fieldId: phone, index: n % 3 }
                })
            }
            const seen: Array<SettingsChange> = []
            for (let after = 0; ; ) {
              const page = yield* readSettingsHistory(importer, { after, limit })
              expect(page.changes.length).toBeLessThanOrEqual(limit)
              if (!page.isLast) expect(page.changes).toHaveLength(limit)
              seen.push(...page.changes)
              after = page.next
              if (page.isLast) break
            }
            expect(seen.map(({ after }) => after.leadStatus)).toEqual(
              Array.from({ length: made }, (_, n) => `status ${n + 1}`)
            )
            expect(seen.every(({ position }, n) => position > (seen[n - 1]?.position ?? 0))).toBe(true)
          })
        )
      ),
      { numRuns: 40 }
    ))

  it.effect("reads on past whole pages of the log that are about layouts; odd limits and positions do no harm", () =>
    world(
      Effect.gen(function* () {
        yield* settle({ leadStatus: "first" })
        yield* draftChanges(1_200)
        for (let n = 0; n < 300; n++) yield* settle({ leadStatus: `status ${n}` })
        const { changes } = yield* readSettingsHistory(importer, { limit: 2 })
        expect(changes.map(({ after }) => after.leadStatus)).toEqual(["first", "status 0"])
        const sizes = [
          [undefined, 50],
          [0, 1],
          [-3, 1],
          [0.5, 1],
          [1.9, 1],
          [Number.NaN, 1],
          [200, 200],
          [1e9, 200]
        ] as const
        for (const [limit, size] of sizes) {
          const page = yield* readSettingsHistory(importer, { ...(limit === undefined ? {} : { limit }), after: -7.5 })
          expect(page.changes, `limit ${limit}`).toHaveLength(size)
        }
        expect((yield* readSettingsHistory(importer, { after: Number.NaN })).changes).toHaveLength(50)
      })
    )
  )

  it.effect("is for CRM and Chat administrators, as they are now, of this account (J1, J2, J3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* settle({ leadStatus: "Fresh" })
        for (const caller of [userAt("plain"), userAt("nobody"), agentAt("a2"), agentAt("a9"), visitorAt("v")]) {
          expect(yield* Effect.flip(readSettingsHistory(caller))).toEqual({
            _tag: "AccessDenied",
            action: "settings.audit",
            reason: "notAnAdministrator"
          })
        }
        for (const caller of [userAt("boss"), agentAt("a1"), importer]) {
          expect((yield* readSettingsHistory(caller)).changes).toHaveLength(1)
        }
        yield* hire(agentOf("a1"))
        expect(yield* Effect.flip(readSettingsHistory(agentAt("a1")))).toMatchObject({ _tag: "AccessDenied" })
        const elsewhere = { ...importer, account: Id.AccountId.make("elsewhere") }
        expect((yield* readSettingsHistory(elsewhere)).changes).toEqual([])
      })
    )
  )
})
