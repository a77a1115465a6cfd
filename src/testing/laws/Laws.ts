/**
 * The laws of every port, for `Check`, for `leadline/testing/vitest`, for `npx leadline laws`.
 *
 * @module
 */
import * as Id from "../../domain/account/Id.ts"
import * as Layout from "../../domain/panel/Layout.ts"
import type { ChatSearch } from "../../ports/ChatSearch.ts"
import type { Crm } from "../../ports/Crm.ts"
import { type CrmPayload, type CrmRecords, CrmStore } from "../../ports/CrmStore.ts"
import { type DeskPayload, type DeskRecords, DeskStore } from "../../ports/DeskStore.ts"
import type { Notifier } from "../../ports/Notifier.ts"
import { type SettingsPayload, type SettingsRecords, SettingsStore } from "../../ports/SettingsStore.ts"
import type { Signals } from "../../ports/Signals.ts"
import type { VisitorMail } from "../../ports/VisitorMail.ts"
import { chatSearchLaws } from "./ChatSearchLaws.ts"
import type { Suite } from "./Check.ts"
import type { CrmSeed } from "./CrmKit.ts"
import { crmLaws } from "./CrmLaws.ts"
import { crmMarkLaws } from "./CrmMarkLaws.ts"
import { crmStoreLaws } from "./CrmStoreLaws.ts"
import { notifierLaws, type Posted, type Shown, visitorMailLaws } from "./DeliveryLaws.ts"
import { deskStoreLaws } from "./DeskStoreLaws.ts"
import { signalsLaws } from "./SignalsLaws.ts"
import { storeLaws } from "./StoreLaws.ts"

/** An id of a record as a part of an id in a value: without what only keys may hold. */
const within = (id: string): string => id.replaceAll("/", "-")

/** The chat side's memory. */
export const deskStore: Suite<DeskStore> = {
  port: "DeskStore",
  laws: [
    ...storeLaws<DeskStore, DeskRecords, DeskPayload>({
      store: DeskStore,
      kind: "openChat",
      value: (id, n) => ({ chatId: Id.ChatId.make(`${within(id)}-${n}`) }),
      payload: (n) => ({ _tag: "VisitorBanned", visitorId: Id.VisitorId.make(`v${n}`) })
    }),
    ...deskStoreLaws
  ]
}

/** The memory of a CRM of our own. */
export const crmStore: Suite<CrmStore> = {
  port: "CrmStore",
  laws: [
    ...storeLaws<CrmStore, CrmRecords, CrmPayload>({
      store: CrmStore,
      kind: "fields",
      value: (id, n) => ({
        definitions: [
          {
            ...{ id: Id.FieldId.make(within(id)), label: `${n}`, type: "text", choices: [] },
            ...{ recordKinds: ["lead"], isCustom: true, isDeleted: false }
          }
        ]
      }),
      payload: (n) => ({ _tag: "UserChanged", userId: Id.UserId.make(`u${n}`), isActive: true })
    }),
    ...crmStoreLaws
  ]
}

/** Settings and layouts. */
export const settingsStore: Suite<SettingsStore> = {
  port: "SettingsStore",
  laws: storeLaws<SettingsStore, SettingsRecords, SettingsPayload>({
    store: SettingsStore,
    kind: "layoutVersion",
    value: (id, n) => ({ ...Layout.defaults.lead, version: n, fields: [Id.FieldId.make(within(id))] }),
    payload: (n) => ({ _tag: "LayoutDraftChanged", recordKind: "lead", fields: [Id.FieldId.make(`f${n}`)] })
  })
}

/** Search in past chats. Needs the desk store whose chats it finds. */
export const chatSearch: Suite<ChatSearch | DeskStore> = { port: "ChatSearch", laws: chatSearchLaws }

/** Typing and read marks. */
export const signals: Suite<Signals> = { port: "Signals", laws: signalsLaws }

/** Telling users. */
export const notifier: Suite<Notifier | Shown> = { port: "Notifier", laws: notifierLaws }

/** Mailing visitors their transcripts. */
export const visitorMail: Suite<VisitorMail | Posted> = { port: "VisitorMail", laws: visitorMailLaws }

/** A CRM, ours or somebody else's. Needs a `CrmSeed` beside it. */
export const crm: Suite<Crm | CrmSeed> = { port: "Crm", laws: crmLaws }

/** Of {@link crm} what a CRM says of its own writes, which needs little of a seed: users, leads, time to catch up. */
export const crmMarks: Suite<Crm | CrmSeed> = { port: "Crm, its marks", laws: crmMarkLaws }
