import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { type ActivityFilter, Actor, CustomField, Id, RecordRef } from "leadline"
import * as UseCases from "leadline/use-cases"
import { clientOf, served } from "./Served.ts"

const account = Id.AccountId.make("acme")
const setup = { account, actor: Actor.service("setup"), surface: "api" } as const
const ada = Id.AgentId.make("ada")
const olga = Id.UserId.make("olga")
const visitorId = Id.VisitorId.make("zoe")
const poolId = Id.PoolId.make("sales")
const userOf = (name: string) => ({
  ...{ name, email: `${name}@acme.example`, isActive: true, reportsTo: null, isAccountOwner: false },
  ...{ isCrmAdministrator: true, teams: [], groups: [], visibility: "all" as const }
})
const fieldId = CustomField.FieldDefinition.fields.id.make("budget")
const budget = {
  ...{ id: fieldId, label: "Budget", type: "number" as const, choices: [] },
  ...{ recordKinds: ["lead" as const], isCustom: true, isDeleted: false }
}

/** Ada, who serves Zoë's chat, beside a CRM with Olga and a pool of hers; all of it set up over HTTP. */
const serving = Effect.gen(function* () {
  const service = yield* clientOf("service:setup")
  const agent = yield* clientOf("agent:ada")
  const headers = {}
  yield* service.directory.saveUser({ params: { userId: olga }, headers, payload: userOf("olga") })
  yield* service.directory.createPool({
    headers,
    payload: { id: poolId, name: "Sales", recordKind: "lead", members: [olga] }
  })
  yield* service.agents.save({
    params: { agentId: ada },
    headers,
    payload: {
      ...{ displayName: "Ada", email: "ada@acme.example", userId: null, isEnabled: true },
      ...{ isChatAdministrator: false, departments: [], chatLimit: null }
    }
  })
  yield* agent.agents.setStatus({ headers, payload: { status: "online" } })
  const { chatId } = yield* service.chats.request({
    headers,
    payload: { visitorId, name: "Zoë Lee", email: "zoe@x.de" }
  })
  yield* agent.chats.answer({ params: { chatId }, headers })
  return { agent, chatId, headers, service, user: yield* clientOf("user:olga") }
})

describe("the CRM side over HTTP", () => {
  it.live(
    "a lead is made beside a chat, dealt, noted, called, and has the chat in its feed (E1, E3–E6, F2, G1, H1)",
    () =>
      Effect.gen(function* () {
        const { agent, chatId, headers, service, user } = yield* serving
        const params = { chatId }
        expect(yield* agent.panel.read({ params })).toMatchObject({ panel: { _tag: "CanCreateLead" }, shown: null })
        const owner = { _tag: "Pool" as const, poolId }
        const refused = yield* Effect.flip(agent.panel.createLead({ params, headers, payload: { owner } }))
        expect(refused).toMatchObject({ _tag: "OwnerNotAllowed" })
        yield* service.settings.change({ headers, payload: { anyOwnerAllowed: true } })
        const made = yield* agent.panel.createLead({ params, headers, payload: { owner, note: "Call her" } })
        expect(made).toMatchObject({
          owner: olga,
          decision: { reason: { _tag: "Dealt", poolId } },
          told: { told: olga }
        })
        expect(yield* Effect.flip(agent.panel.createLead({ params, headers, payload: {} }))).toMatchObject({
          _tag: "AlreadyCreated",
          lead: made.lead
        })
        expect(yield* agent.panel.changePhone({ params, headers, payload: { phone: "030 901820" } })).toEqual({
          lead: made.lead,
          isChanged: true
        })
        const told = yield* agent.panel.notifySales({ params, headers, payload: { text: "She is in a hurry" } })
        expect(told.told).toEqual({ told: olga, why: "owner" })
        expect(yield* agent.panel.read({ params })).toMatchObject({
          panel: { _tag: "Record", record: { kind: "lead", id: made.lead } },
          shown: { name: "Zoë Lee", fields: expect.arrayContaining([expect.objectContaining({ fieldId: "phone" })]) }
        })
        expect(yield* service.records.owner({ params: { lead: made.lead } })).toMatchObject({
          _tag: "Decided",
          decision: { pool: { poolId, name: "Sales" } }
        })
        yield* agent.chats.end({ params, headers })
        const record = { kind: "lead" as const, id: made.lead }
        const feed = yield* user.feed.read({ params: record, query: { types: ["Chat"] } })
        expect(feed).toMatchObject({ completeness: { _tag: "Complete" }, entries: [{ _tag: "Chat", id: chatId }] })
        expect(yield* user.feed.transcript({ params: { ...record, chatId }, query: {} })).toMatchObject({
          chatId,
          recordName: "Zoë Lee"
        })
        expect(yield* user.records.read({ params: record })).toMatchObject({ _tag: "Lead", phones: ["030 901820"] })
      }).pipe(Effect.provide(served))
  )

  it.live("records are saved, merged, converted and deleted; a body of another kind is refused (A5, A7)", () =>
    Effect.gen(function* () {
      const { headers, service } = yield* serving
      const id = (name: string) => RecordRef.RecordId.make(name)
      const person = {
        ownerId: olga,
        emails: ["p@x.de"],
        phones: [],
        custom: {},
        firstName: null,
        lastName: "Lee",
        companyId: null
      }
      const at = (name: string) => ({ kind: "person" as const, id: id(name) })
      const save = (name: string) =>
        service.records.save({ params: at(name), headers, payload: { _tag: "Person", ...person } })
      yield* Effect.forEach(["a", "b"], save)
      const mismatch = service.records.save({
        params: { kind: "deal", id: id("a") },
        headers,
        payload: { _tag: "Person", ...person }
      })
      expect(yield* Effect.flip(mismatch)).toEqual({ _tag: "KindMismatch", path: "deal", body: "person" })
      yield* service.records.merge({ params: at("a"), headers, payload: { loser: id("b") } })
      expect(yield* service.records.read({ params: at("b") })).toMatchObject({
        lifecycle: { _tag: "Merged", into: at("a") }
      })
      yield* service.records.logActivity({ params: at("a"), headers, payload: { type: "Call", text: "Busy" } })
      expect(yield* service.feed.read({ params: at("a"), query: {} })).toMatchObject({
        entries: [{ _tag: "Activity" }]
      })
      yield* service.records.delete({ params: at("a"), headers })
      expect(yield* Effect.flip(service.feed.read({ params: at("a"), query: {} }))).toMatchObject({
        _tag: "RecordNotFound"
      })
    }).pipe(Effect.provide(served))
  )

  it.live("of two who change the settings they saw, one is refused and told the version there is (J3, K2)", () =>
    Effect.gen(function* () {
      const { service, user } = yield* serving
      const { body, headers } = yield* user.settings.read()
      expect(headers.etag).toBe(`"${body.version}"`)
      const change = (defaultRegion: string) =>
        Effect.result(user.settings.change({ headers: { "if-match": headers.etag }, payload: { defaultRegion } }))
      const answers = yield* Effect.all([change("DE"), change("FR")], { concurrency: "unbounded" })
      const now = yield* user.settings.read()
      expect(answers.map(({ _tag }) => _tag).toSorted()).toEqual(["Failure", "Success"])
      const refused = answers.find(({ _tag }) => _tag === "Failure")
      expect(refused).toMatchObject({ failure: { _tag: "VersionChanged", current: now.body.version } })
      expect(yield* service.settings.history({ query: {} })).toMatchObject({
        changes: [{ by: { _tag: "User", userId: olga }, after: { defaultRegion: now.body.settings.defaultRegion } }]
      })
      const denied = yield* Effect.flatMap(clientOf("agent:ada"), (agent) =>
        Effect.flip(agent.settings.change({ headers: {}, payload: { chatLimit: 9 } }))
      )
      expect(denied).toMatchObject({ _tag: "AccessDenied", action: "chat.administer" })
    }).pipe(Effect.provide(served))
  )

  it.live("a layout is drafted, previewed, published and taken back; who saw an older one is refused (I1, I2)", () =>
    Effect.gen(function* () {
      const { agent, headers, user } = yield* serving
      const params = { kind: "lead" as const }
      yield* user.directory.saveFields({ headers, payload: { fields: [budget] } })
      const before = yield* user.layouts.read({ params })
      const seen = { "if-match": before.headers.etag }
      const edited = yield* user.layouts.edit({ params, headers: seen, payload: { _tag: "Add", fieldId } })
      expect(edited.preview.fields.map((field) => field.fieldId)).toContain("budget")
      expect((yield* user.layouts.read({ params })).body.draft).toEqual(edited.draft)
      expect((yield* agent.layouts.read({ params })).body.draft).toBeNull()
      expect(yield* user.layouts.preview({ params })).toEqual(edited.preview)
      const published = yield* user.layouts.publish({ params, headers: seen })
      expect(published).toMatchObject({ version: 1, fields: [...before.body.layout.fields, "budget"] })
      const late = user.layouts.restore({ params, headers: seen, payload: { version: 0 } })
      expect(yield* Effect.flip(late)).toEqual({ _tag: "VersionChanged", current: 1 })
      const restored = yield* user.layouts.restore({ params, headers: { "if-match": '"1"' }, payload: { version: 0 } })
      expect(restored).toMatchObject({ version: 2, fields: before.body.layout.fields })
    }).pipe(Effect.provide(served))
  )

  it.live("an erasure is asked for, and its certificate read (J4)", () =>
    Effect.gen(function* () {
      const { agent, headers, service } = yield* serving
      const payload = { visitorIds: [visitorId], emails: ["zoe@x.de"], records: [] }
      const params = yield* service.operations.erase({ headers, payload })
      yield* UseCases.drainErasures(account)
      expect(yield* service.operations.readErasure({ params })).toMatchObject({
        visitors: [visitorId],
        places: { chats: { _tag: "Erased", count: 1 } }
      })
      expect(yield* Effect.flip(agent.operations.erase({ headers, payload }))).toMatchObject({ _tag: "AccessDenied" })
      expect(yield* service.operations.givenUp({ query: {} })).toEqual({ items: [] })
    }).pipe(Effect.provide(served))
  )

  it.live("a page of the feed is the use case's own, whatever is asked (H3–H5)", () =>
    Effect.gen(function* () {
      const { headers, service } = yield* serving
      const params = { kind: "person" as const, id: RecordRef.RecordId.make("zoe") }
      yield* service.records.save({
        params,
        headers,
        payload: {
          ...{ _tag: "Person", ownerId: olga, emails: ["zoe@x.de"], phones: [], custom: {} },
          ...{ firstName: null, lastName: "Lee", companyId: null }
        }
      })
      for (const type of ["Note", "Call", "Task", "Note"] as const) {
        yield* service.records.logActivity({ params, headers, payload: { type, text: type } })
      }
      const read = (query: Parameters<typeof service.feed.read>[0]["query"], filter: ActivityFilter.ActivityFilter) =>
        Effect.gen(function* () {
          const { cursor, pageSize, profile } = query
          const given = { ...(cursor === undefined ? {} : { cursor }), ...(profile === undefined ? {} : { profile }) }
          const near = yield* UseCases.readFeed(setup, { record: params, filter, pageSize: pageSize ?? 50, ...given })
          const far = yield* service.feed.read({ params, query })
          expect(far).toEqual(near)
          return far
        })
      const context = yield* Effect.context<Effect.Services<ReturnType<typeof read>>>()
      const optional = <A>(of: fc.Arbitrary<A>) => fc.option(of, { nil: undefined })
      const asked = fc.record({
        types: optional(fc.uniqueArray(fc.constantFrom("Chat", "Note", "Call", "Task", "PhoneChanged" as const))),
        user: optional(fc.constantFrom(olga, Id.UserId.make("x"))),
        from: optional(fc.constantFrom(0, Date.now() + 1_000_000)),
        includeMissed: optional(fc.boolean()),
        pageSize: optional(fc.integer({ min: 1, max: 4 })),
        profile: optional(fc.constantFrom("full", "mobile" as const))
      })
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(asked, async (given) => {
            const query = JSON.parse(JSON.stringify(given)) as Parameters<typeof service.feed.read>[0]["query"]
            const filter = {
              types: query.types ?? null,
              by: query.user === undefined ? null : { _tag: "User" as const, userId: query.user },
              ...{ from: query.from ?? null, until: null, includeMissed: query.includeMissed ?? false },
              includeOfflineMessages: false
            }
            const first = await Effect.runPromiseWith(context)(read(query, filter))
            if (first.next !== null)
              await Effect.runPromiseWith(context)(read({ ...query, cursor: first.next }, filter))
          }),
          { numRuns: 25 }
        )
      )
      const both = service.feed.read({ params, query: { user: olga, agent: ada } })
      expect(yield* Effect.flip(both)).toEqual({ _tag: "OneByOnly", given: ["agent", "user"] })
    }).pipe(Effect.provide(served))
  )
})
