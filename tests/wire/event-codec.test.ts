import { readFileSync } from "node:fs"
import { Arbitrary, Effect, Result, type Schema } from "effect"
import {
  AgentStatus,
  Ban,
  BridgeEvent,
  ChatEvent,
  CrmEvent,
  CrmRequestEvent,
  Desk,
  Erasure,
  Event,
  HoursEvent,
  LayoutEvent,
  PoolEvent,
  Webhook
} from "leadline"
import { EventCodec } from "leadline/wire"
import { describe, expect, it } from "vitest"

interface TaggedUnion {
  readonly members: ReadonlyArray<{
    readonly fields: { readonly _tag: { readonly schema: { readonly literal: string } } }
  }>
}

const tagsOf = (...unions: ReadonlyArray<TaggedUnion>): ReadonlyArray<string> =>
  unions.flatMap(({ members }) => members.map(({ fields }) => fields._tag.schema.literal))

/** Both worlds: their codec, their schema, and every event that can happen there. */
const worlds = {
  desk: {
    codec: EventCodec.deskEvents as EventCodec.EventCodec<unknown>,
    schema: EventCodec.DeskEnvelope as Schema.Codec<Event.Event<unknown>, unknown>,
    tags: [
      ...tagsOf(ChatEvent.ChatEvent, Desk.DeskEvent, Ban.BanEvent, BridgeEvent.BridgeEvent, HoursEvent.HoursEvent),
      ...tagsOf(CrmRequestEvent.CrmRequestEvent, PoolEvent.PoolEvent),
      ...tagsOf(Erasure.ErasureEvent, Webhook.WebhookEvent),
      "AgentChanged"
    ]
  },
  crm: {
    codec: EventCodec.crmEvents as EventCodec.EventCodec<unknown>,
    schema: EventCodec.CrmEnvelope as Schema.Codec<Event.Event<unknown>, unknown>,
    tags: tagsOf(CrmEvent.CrmEvent, PoolEvent.PoolEvent)
  },
  settings: {
    codec: EventCodec.settingsEvents as EventCodec.EventCodec<unknown>,
    schema: EventCodec.SettingsEnvelope as Schema.Codec<Event.Event<unknown>, unknown>,
    tags: [...tagsOf(LayoutEvent.LayoutEvent), "SettingsChanged"]
  }
}
const names = ["desk", "crm", "settings"] as const

type Json = Readonly<Record<string, unknown>> & { readonly payload: { readonly _tag: string } }

/** Events as a release of that version stored them; never edited after it. */
const stored = (version: number, name: (typeof names)[number]): ReadonlyArray<Json> =>
  JSON.parse(readFileSync(new URL(`samples/version-${version}-${name}.json`, import.meta.url), "utf8"))

const sorted = (tags: Iterable<string>) => [...new Set(tags)].sort()

describe.each(names)("events of the %s world", (name) => {
  const { codec, schema, tags } = worlds[name]
  const any = Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 1_000, seed: 1 }))

  it("survive the way through JSON, every type of them (K5)", () => {
    expect(sorted(any.map(({ payload }) => (payload as Json["payload"])._tag))).toEqual(sorted(tags))
    for (const event of any) {
      const text = JSON.stringify(codec.encode(event))
      expect(codec.decode(JSON.parse(text))).toEqual(Result.succeed(event))
    }
  })

  it("carry the schema version of this release (K5)", () => {
    for (const event of any.slice(0, 50))
      expect(codec.encode(event)).toMatchObject({ schemaVersion: Event.SCHEMA_VERSION })
  })

  it("of this version are read as they were stored, every type of them (K5)", () => {
    const samples = stored(Event.SCHEMA_VERSION, name)
    expect(sorted(samples.map(({ payload }) => payload._tag))).toEqual(sorted(tags))
    for (const sample of samples) expect(codec.decode(sample)).toEqual(Result.succeed(sample))
  })

  it("of version 1 are read as this version would have stored them (K5)", () => {
    for (const sample of stored(1, name)) {
      const read = Result.getOrThrow(codec.decode(sample))
      const { payload, schemaVersion, ...envelope } = sample
      expect(read).toMatchObject({ ...envelope, schemaVersion: Event.SCHEMA_VERSION })
      expect(read.payload).toMatchObject(payload)
      expect(codec.decode(JSON.parse(JSON.stringify(codec.encode(read))))).toEqual(Result.succeed(read))
    }
  })

  it("of a newer release are refused, naming both versions (K5, K3)", () => {
    for (const sample of stored(Event.SCHEMA_VERSION, name)) {
      const newer = Event.SCHEMA_VERSION + 1
      expect(codec.decode({ ...sample, schemaVersion: newer })).toEqual(
        Result.fail({
          _tag: "Unreadable",
          problem: `schemaVersion ${newer}: this release reads up to ${Event.SCHEMA_VERSION}`
        })
      )
    }
  })

  it("are refused where a field is missing or of a wrong type, naming each (K5)", () => {
    for (const sample of stored(Event.SCHEMA_VERSION, name)) {
      for (const field of Object.keys(sample)) {
        const { [field]: _, ...rest } = sample
        expect(Result.isFailure(codec.decode(rest))).toBe(true)
      }
      const problem = Result.getOrThrow(Result.flip(codec.decode({ ...sample, at: "soon", surface: "fax" }))).problem
      expect(problem).toContain("at")
      expect(problem).toContain("surface")
    }
  })

  it("with an unknown payload are refused: another world's, a newer release's (K5)", () => {
    const [sample] = stored(Event.SCHEMA_VERSION, name)
    const [foreign] = stored(Event.SCHEMA_VERSION, name === "desk" ? "crm" : "desk")
    expect(Result.isFailure(codec.decode({ ...sample, payload: { _tag: "Applauded" } }))).toBe(true)
    expect(Result.isFailure(codec.decode(foreign))).toBe(true)
  })

  it.each([null, undefined, 1, "{}", [], {}, [{}]])("are not made of %j (K5)", (json) => {
    expect(codec.decode(json)).toMatchObject({ failure: { _tag: "Unreadable" } })
  })
})

describe("a status in an event", () => {
  it("is one this release knows: another is refused, not guessed (B1, K5)", () => {
    const changed = stored(Event.SCHEMA_VERSION, "desk").find(({ payload }) => payload._tag === "StatusChanged")
    const to = (status: string) =>
      EventCodec.deskEvents.decode({ ...changed, payload: { ...changed?.payload, to: status } })
    expect(AgentStatus.AgentStatus.literals.map((status) => Result.isSuccess(to(status)))).toEqual([
      true,
      true,
      true,
      true
    ])
    expect(Result.isFailure(to("busy"))).toBe(true)
  })
})
