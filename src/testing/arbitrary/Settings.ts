/**
 * An account's switches and policies: as the rules accept them.
 *
 * @module
 */
import fc from "fast-check"
import * as Settings from "../../domain/settings/Settings.ts"
import * as Agent from "./Agent.ts"
import * as Assignment from "./Assignment.ts"
import { deriving, structDeriving } from "./Derived.ts"

const of = deriving(Agent.known)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

/** With an `{id}` somewhere in the path (E1, H1). */
const template = fc.constantFrom("https://crm.example/{id}", "https://x.io/a/{id}/b?ref={id}", "/{id}")

export const matchStrategy = of(Settings.MatchStrategy)
export const crmAccess = of(Settings.CrmAccess)

const only = (settings: Settings.Settings, names: ReadonlyArray<string>): Partial<Settings.Settings> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)))

const drawn = structDeriving(Agent.known)(Settings.Settings, {
  defaultRegion: nullable(fc.constantFrom("US", "GB", "DE", "JP", "ZZ")),
  leadOwners: fc.array(Assignment.ownerChoice, { maxLength: 3 }),
  leadStatus: fc.constantFrom("New", "Working", "Größe"),
  leadSource: nullable(fc.constantFrom("Chat", "Web")),
  cardUrls: fc.record({ lead: nullable(template), person: nullable(template), company: nullable(template) }),
  chatUrl: nullable(template)
})

/** Fields that differ from {@link Settings.defaults}; all others are as there. */
const differing: fc.Arbitrary<Partial<Settings.Settings>> = fc
  .tuple(drawn, fc.subarray(Object.keys(Settings.defaults)))
  .map(([settings, changed]) => only(settings, changed))

/** Any settings. Shrinks to {@link Settings.defaults}, field by field. */
export const settings: fc.Arbitrary<Settings.Settings> = differing.map((changes) => ({
  ...Settings.defaults,
  ...changes
}))

/** Both sides name the same fields: those that were drawn. */
export const settingsChanged: fc.Arbitrary<Settings.SettingsChanged> = fc
  .tuple(settings, differing)
  .map(([before, after]) => ({
    _tag: "SettingsChanged",
    before: only(before, Object.keys(after)),
    after
  }))
