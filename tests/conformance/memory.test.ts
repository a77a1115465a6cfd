import { Effect } from "effect"
import { Id, Instant, Layout } from "leadline"
import { layer, MemoryMails, MemoryNotices } from "leadline/memory"
import {
  ChatSearch,
  type CrmPayload,
  type CrmRecords,
  CrmStore,
  type DeskPayload,
  type DeskRecords,
  DeskStore,
  Notifier,
  type SettingsPayload,
  type SettingsRecords,
  SettingsStore,
  Signals,
  type TranscriptMail,
  VisitorMail
} from "leadline/ports"
import { describe, expect, it } from "vitest"
import { chatSearchLaws } from "./ChatSearchLaws.ts"
import { crmStoreLaws } from "./CrmStoreLaws.ts"
import { deskStoreLaws } from "./DeskStoreLaws.ts"
import { recordStoreLaws } from "./RecordStoreLaws.ts"
import { signalsLaws } from "./SignalsLaws.ts"

/** Each law on stores of its own, between whose operations other fibers run. */
const fresh = () => layer({ yieldsBeforeEach: true })

recordStoreLaws<DeskRecords, DeskPayload>("the desk store in memory", {
  store: (use) => Effect.provide(DeskStore.use(use), fresh()),
  kind: "openChat",
  value: (id, n) => ({ chatId: Id.ChatId.make(`${id}-${n}`) }),
  payload: (n) => ({ _tag: "VisitorBanned", visitorId: Id.VisitorId.make(`v${n}`) })
})

recordStoreLaws<CrmRecords, CrmPayload>("the CRM store in memory", {
  store: (use) => Effect.provide(CrmStore.use(use), fresh()),
  kind: "fields",
  value: (id, n) => ({
    definitions: [
      {
        id: Id.FieldId.make(id),
        label: `${n}`,
        type: "text",
        choices: [],
        recordKinds: ["lead"],
        isCustom: true,
        isDeleted: false
      }
    ]
  }),
  payload: (n) => ({ _tag: "UserChanged", userId: Id.UserId.make(`u${n}`), isActive: true })
})

recordStoreLaws<SettingsRecords, SettingsPayload>("the settings store in memory", {
  store: (use) => Effect.provide(SettingsStore.use(use), fresh()),
  kind: "layoutVersion",
  value: (id, n) => ({ ...Layout.defaults.lead, version: n, fields: [Id.FieldId.make(id)] }),
  payload: (n) => ({ _tag: "LayoutDraftChanged", recordKind: "lead", fields: [Id.FieldId.make(`f${n}`)] })
})

deskStoreLaws("the desk store in memory", (use) => Effect.provide(DeskStore.use(use), fresh()))
crmStoreLaws("the CRM store in memory", (use) => Effect.provide(CrmStore.use(use), fresh()))
chatSearchLaws("search in memory", (use) =>
  Effect.provide(
    Effect.gen(function* () {
      return yield* use(yield* ChatSearch, yield* DeskStore)
    }),
    fresh()
  )
)
signalsLaws("signals in memory", (use) => Effect.provide(Signals.use(use), fresh()))

describe("the notifier in memory", () => {
  it("notifier.notify.idempotent: a notice told again is shown once (G4)", async () => {
    const account = Id.AccountId.make("laws")
    const notice = {
      id: Id.NoticeId.make("n1"),
      to: Id.UserId.make("u1"),
      about: { kind: "lead" as const, id: "l1" as never },
      reason: "leadDealt" as const,
      activityId: null,
      chatId: null,
      from: { _tag: "System" as const }
    }
    const shown = Effect.gen(function* () {
      const notifier = yield* Notifier
      expect(notifier.capabilities.idempotent).toBe(true)
      yield* notifier.notify(account, notice)
      yield* notifier.notify(account, notice)
      return yield* (yield* MemoryNotices).shown(account)
    })
    expect(await Effect.runPromise(Effect.provide(shown, fresh()))).toEqual([notice])
  })
})

describe("the post in memory", () => {
  it("mail.send.idempotent: a mail sent again arrives once (D9)", async () => {
    const account = Id.AccountId.make("laws")
    const mail: TranscriptMail = {
      id: Id.MailId.make("m1"),
      to: "ann@example.com",
      conversation: {
        ...{ chatId: Id.ChatId.make("c1"), startedAt: Instant.fromMillis(0), endedAt: Instant.fromMillis(1) },
        ...{ visitorName: null, agentNames: [], lines: [] }
      }
    }
    const sent = Effect.gen(function* () {
      const post = yield* VisitorMail
      expect(post.capabilities.idempotent).toBe(true)
      yield* post.send(account, mail)
      yield* post.send(account, mail)
      expect(yield* (yield* MemoryMails).sent(Id.AccountId.make("others"))).toEqual([])
      return yield* (yield* MemoryMails).sent(account)
    })
    expect(await Effect.runPromise(Effect.provide(sent, fresh()))).toEqual([mail])
  })
})
