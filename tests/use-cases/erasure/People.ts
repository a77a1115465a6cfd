import { Effect } from "effect"
import fc from "fast-check"
import { type Chat, type Content, type Id, type RecordRef, Transcript } from "leadline"
import { Crm, CrmStore, DeskStore, SettingsStore } from "leadline/ports"
import {
  answerChat,
  banVisitor,
  changeVisitorDetails,
  createLead,
  endChat,
  leaveChat,
  leaveOfflineMessage,
  leavePage,
  logActivity,
  notifySales,
  OwnCrm,
  rateChat,
  readFeed,
  readPanel,
  requestChat,
  requestTranscript,
  saveRecord,
  sendMessage,
  writeInternalNote
} from "leadline/use-cases"
import { account, chatId, importer, person, recordId, saveUsers, user, userId } from "../crm/World.ts"
import { agentAt, agentOf, hire, settle, visitorAt, visitorId } from "../panel/Chats.ts"

/** How far a chat of theirs came. */
export type Stage = "waiting" | "served" | "left" | "closing" | "closed" | "missed" | "offline"

export interface PastChat {
  readonly stage: Stage
  /** Which of their two visitors it is of, and whether that one gave the shared email. */
  readonly visitor: 0 | 1
  readonly isKeyed: boolean
}

/** A person, whose every value holds their mark: letters that no id, digest or time has. */
export interface Someone {
  readonly mark: string
  readonly phone: string
  readonly chats: ReadonlyArray<PastChat>
  readonly isBanned: boolean
}

const marks = fc.string({ unit: fc.constantFrom("v", "w", "x", "y", "z"), minLength: 10, maxLength: 12 })

const pastChat: fc.Arbitrary<PastChat> = fc.record({
  stage: fc.constantFrom<Stage>("waiting", "served", "left", "closing", "closed", "closed", "missed", "offline"),
  visitor: fc.constantFrom(0 as const, 1 as const),
  isKeyed: fc.boolean()
})

/** People who share nothing, each with two visitors who share an email. */
export const people: fc.Arbitrary<ReadonlyArray<Someone>> = fc
  .uniqueArray(marks, { minLength: 3, maxLength: 3, comparator: (a, b) => a.includes(b) || b.includes(a) })
  .chain((all) =>
    fc.tuple(
      ...all.map((mark, n) =>
        fc.record({
          mark: fc.constant(mark),
          phone: fc.constant(`+1 212 555 23${60 + n}`),
          chats: fc.array(pastChat, { minLength: 1, maxLength: 5 }),
          isBanned: fc.boolean()
        })
      )
    )
  )

export const emailOf = ({ mark }: Someone): string => `${mark}@example.com`
export const visitorsOf = ({ mark }: Someone) => [`a-${mark.length}-${hash(mark)}`, `b-${hash(mark)}`].map(visitorId)
export const personOf = ({ mark }: Someone): RecordRef.RecordRef => ({
  kind: "person",
  id: recordId(`p-${hash(mark)}`)
})

/** Ids say nothing of the mark. */
const hash = (mark: string): string => [...mark].map((letter) => "vwxyz".indexOf(letter)).join("")

/** Somebody to serve, own and administrate. */
export const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"))
  yield* hire(agentOf("a1"), agentOf("boss", { isChatAdministrator: true }))
  yield* settle({ leadOwners: [{ _tag: "User", userId: userId("owner") }], matchBy: "emailOrPhone" })
})

/** Everything that happens to a person; answers the chats that were really begun (one open at a time, D6). */
export const live = Effect.fnUntraced(function* (someone: Someone) {
  const { chats, isBanned, mark } = someone
  const begun: Array<Id.ChatId> = []
  for (const [n, past] of chats.entries()) begun.push(...(yield* chatOf(someone, past, n)))
  yield* saveRecord(
    importer,
    person(personOf(someone).id, [emailOf(someone)], {
      ...{ phones: [someone.phone], firstName: mark, lastName: mark, custom: { tier: mark, tags: [mark] } }
    })
  )
  for (const type of ["Note", "Call", "Task"] as const) {
    yield* logActivity(importer, { record: personOf(someone), type, text: `${type} ${mark}` })
  }
  if (isBanned) yield* banVisitor(agentAt("boss"), { visitorId: visitorsOf(someone)[0] ?? visitorId("-") })
  return begun
})

const chatOf = Effect.fnUntraced(function* (someone: Someone, { isKeyed, stage, visitor }: PastChat, n: number) {
  const { mark, phone } = someone
  const who = visitorsOf(someone)[visitor] ?? visitorId("-")
  const [as, id] = [visitorAt(who), chatId(`c-${who}-${n}`)]
  const given = isKeyed ? { email: emailOf(someone), phone } : {}
  if (stage === "offline") {
    yield* leaveOfflineMessage(as, { visitorId: who, chatId: id, name: mark, ...given, texts: [`left ${mark}`] })
    return [id]
  }
  const { isNew } = yield* requestChat(as, { visitorId: who, chatId: id, name: mark, ...given })
  if (!isNew) return []
  yield* sendMessage(as, { chatId: id, text: `hello ${mark}` })
  yield* changeVisitorDetails(as, { chatId: id, name: `${mark} again` })
  yield* requestTranscript(as, { chatId: id, email: `other-${emailOf(someone)}` })
  if (stage === "missed") yield* endChat(as, { chatId: id })
  if (stage === "missed" || stage === "waiting") return [id]
  yield* answerChat(agentAt("a1"), { chatId: id })
  yield* sendMessage(agentAt("a1"), { chatId: id, text: `dear ${mark}` })
  yield* writeInternalNote(agentAt("a1"), { chatId: id, text: `secretly ${mark}` })
  // refused where they have a record or no email: then there is a match to leave a note with, or nothing
  yield* Effect.ignore(createLead(agentAt("a1"), { chatId: id, note: `note ${mark}` }))
  yield* Effect.ignore(notifySales(agentAt("a1"), { chatId: id, text: `more ${mark}` }))
  yield* rateChat(as, { chatId: id, rating: "good", comment: `fine ${mark}` })
  if (stage === "left") yield* leaveChat(agentAt("a1"), { chatId: id })
  if (stage === "closing") yield* leavePage(as, { chatId: id })
  if (stage === "closed") yield* endChat(as, { chatId: id })
  return [id]
})

/** The same stores, which remember every key and text that was ever put. */
export const recorded = Effect.gen(function* () {
  const [desk, crm, settings] = [yield* DeskStore, yield* CrmStore, yield* SettingsStore]
  const keys = { desk: new Map<string, never>(), crm: new Map<string, never>() }
  const refs = new Set<Content.ContentRef>()
  const keep = (side: keyof typeof keys, change: { readonly put: ReadonlyArray<{ readonly key: object }> }) => {
    for (const { key } of change.put) keys[side].set(JSON.stringify(key), key as never)
  }
  const watchedDesk = DeskStore.of({
    ...desk,
    commit: (of, change) => {
      keep("desk", change)
      for (const { ref } of change.contents) refs.add(ref)
      return desk.commit(of, change)
    }
  })
  const watchedCrm = CrmStore.of({
    ...crm,
    commit: (of, change) => {
      keep("crm", change)
      return crm.commit(of, change)
    }
  })
  /** Every record, log and text of both worlds as they are now. */
  const dump = Effect.gen(function* () {
    const log = [(yield* desk.log(account, 0, 1e5)).entries, (yield* crm.log(account, 0, 1e5)).entries]
    const texts = [...(yield* desk.contents(account, [...refs])).values()]
    const records = [
      ...(yield* desk.get(account, [...keys.desk.values()])),
      ...(yield* crm.get(account, [...keys.crm.values()]))
    ].filter(({ value }) => value !== null)
    const others = (yield* settings.log(account, 0, 1e5)).entries
    return JSON.stringify({ log, texts, records, others })
  })
  return {
    dump,
    in: <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      effect.pipe(
        Effect.provideService(Crm, OwnCrm.make(watchedCrm)),
        Effect.provideService(CrmStore, watchedCrm),
        Effect.provideService(DeskStore, watchedDesk)
      )
  }
})

/** What people see of a chat and its record: transcript, feed, panel. */
export const shown = Effect.fnUntraced(function* (someone: Someone, chats: ReadonlyArray<Id.ChatId>) {
  const desk = yield* DeskStore
  const feed = yield* Effect.result(readFeed(importer, { record: personOf(someone) }))
  const panels = yield* Effect.forEach(chats, (id) => Effect.result(readPanel(agentAt("a1"), { chatId: id })))
  const lines = yield* Effect.forEach(chats, (id) => desk.transcript(account, id, 0, 1_000))
  const read = yield* desk.getWithTexts(
    account,
    chats.map((id) => ({ kind: "chat" as const, id }))
  )
  const record = (yield* (yield* CrmStore).get(account, [{ kind: "person", id: personOf(someone).id }]))[0].value
  return { feed, panels, lines, chats: read.reads.map(({ value }) => value), texts: [...read.texts], record }
})

/** What is counted of chats, and whether their transcripts still verify (D7). */
export const counted = Effect.fnUntraced(function* (chats: ReadonlyArray<Id.ChatId>) {
  const desk = yield* DeskStore
  return yield* Effect.forEach(chats, (id) =>
    Effect.gen(function* () {
      const [{ value }] = yield* desk.get(account, [{ kind: "chat", id }])
      const chat = value as Chat.Chat
      const lines = yield* desk.transcript(account, id, 0, 1_000)
      const flaw = Transcript.verify(
        lines.map(({ message }) => message),
        chat.digest
      )
      return { id, messages: chat.messages, rating: chat.rating?.rating, servedBy: chat.servedBy, flaw }
    })
  )
})

/** Where a value still is, with what is around it; `null`: nowhere. */
export const around = (dump: string, value: string): string | null => {
  const at = dump.indexOf(value)
  return at < 0 ? null : dump.slice(Math.max(0, at - 200), at + 60)
}
