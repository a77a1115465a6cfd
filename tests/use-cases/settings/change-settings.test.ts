import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { Id, Settings } from "leadline"
import { SettingsStore } from "leadline/ports"
import { type Caller, changeSettings } from "leadline/use-cases"
import { account, importer, run, saveUsers, user, userId } from "../crm/World.ts"
import { agentAt, agentOf, hire, userAt, visitorAt, world } from "../panel/Chats.ts"

/** `u1` is a CRM administrator, `a1` a Chat administrator, `a2` both; `a3` and `plain` are neither. */
const cast = Effect.gen(function* () {
  yield* saveUsers(user("u1", { isCrmAdministrator: true }), user("u2", { isCrmAdministrator: true }), user("plain"))
  yield* hire(
    agentOf("a1", { isChatAdministrator: true }),
    agentOf("a2", { isChatAdministrator: true, userId: userId("u2") }),
    agentOf("a3")
  )
})

const happened = Effect.gen(function* () {
  const { entries } = yield* (yield* SettingsStore).log(account, 0, 1_000)
  return entries.map(({ event }) => event)
})

const now = Effect.gen(function* () {
  const [settings] = yield* (yield* SettingsStore).get(account, [{ kind: "settings", id: "all" }])
  return settings.value
})

describe("changing settings", () => {
  it.effect("changes what is named and leaves the rest; the log says who, when, before and after (H6)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* TestClock.adjust("7 seconds")
        const answer = yield* changeSettings(userAt("u1"), { pastChatsInFeed: false, leadStatus: "Fresh" })
        expect(answer).toEqual({ ...Settings.defaults, pastChatsInFeed: false, leadStatus: "Fresh" })
        expect(yield* now).toEqual(answer)
        yield* TestClock.adjust("1 second")
        yield* changeSettings(agentAt("a2"), { pastChatsInFeed: true, leadStatus: "Fresh" })
        expect(yield* now).toEqual({ ...Settings.defaults, leadStatus: "Fresh" })
        expect(yield* happened).toMatchObject([
          {
            at: 7_000,
            actor: userAt("u1").actor,
            payload: {
              _tag: "SettingsChanged",
              before: { pastChatsInFeed: true, leadStatus: "New" },
              after: { pastChatsInFeed: false, leadStatus: "Fresh" }
            }
          },
          {
            at: 8_000,
            actor: agentAt("a2").actor,
            payload: { before: { pastChatsInFeed: false }, after: { pastChatsInFeed: true } }
          }
        ])
        const [, last] = yield* happened
        expect(last?.payload).toEqual({
          _tag: "SettingsChanged",
          before: { pastChatsInFeed: false },
          after: { pastChatsInFeed: true }
        })
      })
    )
  )

  it.effect("to equal values changes nothing and says nothing (K4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        expect(yield* changeSettings(userAt("u1"), { ...Settings.defaults })).toEqual(Settings.defaults)
        expect(yield* changeSettings(importer, {})).toEqual(Settings.defaults)
        expect(yield* happened).toEqual([])
        expect(yield* now).toBe(null)
      })
    )
  )

  const wrong: ReadonlyArray<readonly [string, unknown]> = [
    ["matchBy", "phoneOnly"],
    ["accessToCrmData", "everybody"],
    ["defaultRegion", "usa"],
    ["chatLimit", 21],
    ["chatLimit", -1],
    ["chatLimit", 1.5],
    ["routing", "random"],
    ["hours", { timeZone: "Europe/Atlantis", weekly: [], holidays: [] }],
    ["hours", { timeZone: "UTC", weekly: [], holidays: ["2026-02-30"] }],
    ["leadOwners", [{ _tag: "Group", groupId: "g" }]],
    ["leadOwners", [{ _tag: "User", userId: "a b" }]],
    ["cardUrls", { lead: null, person: null }],
    ["chatUrl", 7],
    ["rememberMillis", 0],
    ["crmInsideChat", "yes"]
  ]

  it.effect("refuses a value that does not fit, naming the field, and changes nothing else either (K3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        for (const [field, value] of wrong) {
          const input = { leadStatus: "Fresh", [field]: value } as Partial<Settings.Settings>
          const refused = yield* Effect.flip(changeSettings(userAt("u1"), input))
          expect(refused._tag).toBe("BadSettings")
          expect(refused._tag === "BadSettings" ? refused.problem : "").toContain(field)
        }
        expect(yield* now).toBe(null)
        expect(yield* happened).toEqual([])
      })
    )
  )

  it("by many at once loses nothing: each change starts from what the one before it left (K2)", () =>
    fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(["leadStatus", "leadSource", "chatUrl", "defaultRegion"]), (names) =>
        run(
          Effect.gen(function* () {
            yield* cast
            const values: Record<string, string> = {
              leadStatus: "Fresh",
              leadSource: "Website",
              chatUrl: "https://chat.example/{id}",
              defaultRegion: "FR"
            }
            yield* Effect.forEach(names, (name) => changeSettings(importer, { [name]: values[name] }), {
              concurrency: "unbounded"
            })
            const changed = Object.fromEntries(names.map((name) => [name, values[name]]))
            expect((yield* now) ?? Settings.defaults).toEqual({ ...Settings.defaults, ...changed })
            expect((yield* happened).length).toBe(names.length)
          })
        )
      ),
      { numRuns: 15 }
    ))

  it.effect("is remembered under a key (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const keyed: Caller = { ...userAt("u1"), idempotencyKey: "k" }
        const first = yield* changeSettings(keyed, { leadStatus: "Fresh" })
        yield* changeSettings(userAt("u1"), { leadStatus: "Other" })
        expect(yield* changeSettings(keyed, { leadStatus: "Fresh" })).toEqual(first)
        expect((yield* now)?.leadStatus).toBe("Other")
        expect(yield* Effect.flip(changeSettings(keyed, { leadStatus: "Third" }))).toEqual({
          _tag: "IdempotencyKeyReused",
          key: "k"
        })
      })
    )
  )

  it.effect("concerns its own account alone (J2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const other = { ...importer, account: Id.AccountId.make("other") }
        yield* changeSettings(other, { leadStatus: "Theirs" })
        expect(yield* now).toBe(null)
        yield* changeSettings(importer, { leadSource: null })
        expect((yield* now)?.leadStatus).toBe("New")
      })
    )
  )
})

describe("who changes settings", () => {
  const ofChat: ReadonlyArray<Partial<Settings.Settings>> = [
    { chatLimit: 3 },
    { chatUrl: "https://chat.example/{id}" },
    { hours: { timeZone: "Europe/Berlin", weekly: [{ day: 1, from: 540, to: 1_020 }], holidays: ["2026-12-25"] } },
    { chatLimit: 4, chatUrl: null, hours: null }
  ]
  const ofCrm: ReadonlyArray<Partial<Settings.Settings>> = [
    { crmInsideChat: false },
    { chatInsideCrm: false },
    { pastChatsInFeed: false },
    { accessToCrmData: "crmUsersOnly" },
    { matchBy: "emailOrPhone" },
    { leadOwners: [{ _tag: "User", userId: userId("u1") }] },
    { cardUrls: { lead: "https://x.example/{id}", person: null, company: null } },
    { chatLimit: 5, leadStatus: "Both" }
  ]

  it.effect("Chat administrators what is Chat's, CRM administrators the rest, others nothing (J3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        for (const caller of [agentAt("a3"), userAt("plain"), userAt("stranger"), visitorAt("v")]) {
          for (const input of [...ofChat, ...ofCrm]) {
            expect(yield* Effect.flip(changeSettings(caller, input))).toMatchObject({ _tag: "AccessDenied" })
          }
        }
        for (const input of ofCrm) {
          expect(yield* Effect.flip(changeSettings(agentAt("a1"), input))).toMatchObject({
            _tag: "AccessDenied",
            reason: "notCrmAdministrator"
          })
        }
        for (const input of ofChat) {
          expect(yield* Effect.flip(changeSettings(userAt("u1"), input))).toMatchObject({
            _tag: "AccessDenied",
            reason: "notChatAdministrator"
          })
        }
        expect(yield* happened).toEqual([])
        for (const input of ofChat) yield* changeSettings(agentAt("a1"), input)
        for (const input of ofCrm) yield* changeSettings(userAt("u1"), input)
        expect(yield* happened).toHaveLength(ofChat.length + ofCrm.length)
      })
    )
  )

  it.effect("no longer, once they are inactive or the right is gone (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveUsers(user("u1"), user("u2", { isCrmAdministrator: true, isActive: false }))
        yield* hire(agentOf("a1"))
        for (const [caller, input] of [
          [userAt("u1"), { leadStatus: "Fresh" }],
          [agentAt("a2"), { leadStatus: "Fresh" }],
          [agentAt("a1"), { chatLimit: 1 }]
        ] as const) {
          expect(yield* Effect.flip(changeSettings(caller, input))).toMatchObject({ _tag: "AccessDenied" })
        }
      })
    )
  )
})
