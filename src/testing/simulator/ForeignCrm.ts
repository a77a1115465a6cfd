import { Clock, Context, Effect, Layer } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import { type AccountId, ActivityId } from "../../domain/account/Id.ts"
import { RecordId, toKey } from "../../domain/record/RecordRef.ts"
import { Crm, type CrmCapabilities, type CrmShape, type Written } from "../../ports/Crm.ts"
import { CrmStore } from "../../ports/CrmStore.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import * as OwnCrm from "../../use-cases/crm/OwnCrm.ts"
import { saveRecord } from "../../use-cases/crm/SaveRecord.ts"

/** How old what its search finds may be, as it declares. Source: search indexes of real CRMs (issue 4). */
export const STALENESS_MILLIS = 30_000

/**
 * What its index is always behind. decision: as much again may be added by a stale read, and clocks differ by up to 4 s:
 * together still less than it declares, or the simulator would ask for what no library can do.
 */
export const LAG_MILLIS = 12_000

export const capabilities: CrmCapabilities = {
  ...{ atomicIdentity: false, idempotentWrites: "marker", notices: "library", pools: "library" },
  ...{ chatCopies: true, erase: false, stalenessMillis: STALENESS_MILLIS }
}

interface Marked {
  readonly at: number
  readonly written: Written
}

const nobody = { told: null, why: "nobodyActive" } as const

/**
 * A CRM of somebody else's, as bad as the port allows, over any `CrmStore`: it creates whatever it is asked to, as often
 * as it is asked, and its searches know nothing that is younger than {@link LAG_MILLIS}. What the library does about that is
 * what the simulator looks at; a `CrmStore` is below only to keep the records and to read them.
 */
export const layer: Layer.Layer<Crm, never, CrmStore | DeskStore | SettingsStore> = Layer.effect(
  Crm,
  Effect.gen(function* () {
    const own = OwnCrm.make(yield* CrmStore)
    const context = Context.make(CrmStore, yield* CrmStore).pipe(
      Context.add(Crm, own),
      Context.add(DeskStore, yield* DeskStore),
      Context.add(SettingsStore, yield* SettingsStore)
    )
    const marks = new Map<string, Marked>()
    const copies = new Map<string, Array<{ readonly chatId: string; readonly at: number }>>()
    let written = 0
    const isShown = (at: number, now: number) => at + LAG_MILLIS <= now
    const markOf = (account: AccountId, by: Actor.Actor, key: string) => `${account}|${Actor.toKey(by)}|${key}`
    const mark = (account: AccountId, by: Actor.Actor, key: string, what: Written) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        const name = markOf(account, by, key)
        if (!marks.has(name)) marks.set(name, { at, written: what })
      })
    const match: CrmShape["match"] = Effect.fnUntraced(function* (account, viewer, evidence) {
      const now = yield* Clock.currentTimeMillis
      const found = yield* own.match(account, viewer, evidence)
      const young = new Set<string>()
      for (const { ref } of found.matched) {
        const record = yield* Effect.option(own.read(account, { _tag: "All" }, ref))
        if (record._tag === "None" || !isShown(record.value.createdAt, now)) young.add(toKey(ref))
      }
      return {
        matched: found.matched.filter(({ ref }) => !young.has(toKey(ref))),
        visible: found.visible.filter((ref) => !young.has(toKey(ref)))
      }
    })
    const createLead: CrmShape["createLead"] = Effect.fnUntraced(function* (account, lead, key) {
      if (lead.owner._tag !== "Decided") return yield* Effect.die("a CRM that deals nothing was asked to deal")
      const { decision } = lead.owner
      const id = RecordId.make(`foreign-${++written}`)
      const caller = { account, actor: Actor.service("foreign"), surface: "api" } as const
      const phones = lead.phone === null ? [] : [lead.phone]
      const origin = { organisation: null, addedFrom: { _tag: "Chat", chatId: lead.chatId } } as const
      const { firstName, lastName, source, status } = lead
      const record = { id, ownerId: decision.owner, emails: [lead.email], phones, custom: {} }
      yield* saveRecord(caller, { _tag: "Lead", ...record, ...origin, firstName, lastName, source, status }).pipe(
        Effect.provide(context),
        Effect.catchIf((error) => !(error instanceof StoreError), Effect.die)
      )
      const told = { told: nobody, noteStored: false }
      yield* mark(account, lead.creator, key, {
        _tag: "Lead",
        lead: id,
        owner: decision.owner,
        decision: null,
        ...told
      })
      return { lead: id, owner: decision.owner, decision, ...told }
    })
    return Crm.of({
      ...own,
      capabilities,
      match,
      createLead,
      addNote: Effect.fnUntraced(function* (account, note, key) {
        const { activityId } = yield* own.addNote(account, note, `${key}/${++written}`)
        yield* mark(account, note.author, key, { _tag: "Note", activityId: ActivityId.make(activityId), told: nobody })
        return { activityId, told: nobody }
      }),
      changePhone: Effect.fnUntraced(function* (account, change, key) {
        const done = yield* own.changePhone(account, change, `${key}/${++written}`)
        yield* mark(account, change.by, key, { _tag: "Phone", ...done })
        return done
      }),
      findWritten: (account, by, key) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const marked = marks.get(markOf(account, by, key))
          return marked === undefined || !isShown(marked.at, now) ? null : marked.written
        }),
      putChatCopy: (account, { entry, record }) =>
        Effect.map(Clock.currentTimeMillis, (at) => {
          const key = `${account}|${toKey(record)}`
          copies.set(key, [...(copies.get(key) ?? []), { chatId: entry.id, at }])
        }),
      chatCopies: (account, record, chatIds) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const shown = (copies.get(`${account}|${toKey(record)}`) ?? []).filter(({ at }) => isShown(at, now))
          return chatIds.filter((chatId) => shown.some((copy) => copy.chatId === chatId))
        })
    })
  })
)
