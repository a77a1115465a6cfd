import { Effect, ManagedRuntime } from "effect"
import fc from "fast-check"
import { Id } from "leadline"
import { CrmStore, DeskStore } from "leadline/ports"
import { HostileText } from "leadline/testing"
import { afterAll, describe, expect, it } from "vitest"
import { onPglite, onServer } from "./Stores.ts"
import * as Twins from "./Twins.ts"

const { agentId, chatId, lead, leadId, pastId, poolId, visitorId } = Twins.ids
const page = { after: null, from: null, until: null, limit: 50 }

/** Everything that an account can be asked, by member. */
const askAll = (account: Id.AccountId, text: string) =>
  Effect.gen(function* () {
    const [desk, crm] = [yield* DeskStore, yield* CrmStore]
    const emails = [Twins.emailKey(text)]
    const person = { visitors: [visitorId], emails, phones: [] }
    const deskKeys = Twins.desk(text).expect.map(({ key }) => key)
    const crmKeys = Twins.crm(text).expect.map(({ key }) => key)
    const feed = { ...page, keys: emails, chatIds: [pastId], servedByAny: null }
    return {
      get: yield* desk.get(account, deskKeys),
      getWithTexts: yield* desk.getWithTexts(account, deskKeys),
      log: yield* desk.log(account, 0, 50),
      due: yield* desk.due(account, "chat", 9 as never, 50),
      contents: yield* desk.contents(account, Twins.refs),
      contentCount: yield* desk.contentCount(account, Twins.subject),
      waiting: yield* desk.waiting(account, 50),
      roster: yield* desk.roster(account),
      closedChats: yield* desk.closedChats(account, { ...feed, includeMissed: true, includeOfflineMessages: true }),
      transcript: yield* desk.transcript(account, chatId, 0, 50),
      personChats: yield* desk.personChats(account, { ...person, after: null, limit: 50 }),
      givenUp: yield* desk.givenUp(account, "mail", 50),
      crmGet: yield* crm.get(account, crmKeys),
      crmLog: yield* crm.log(account, 0, 50),
      byKeys: yield* crm.byKeys(account, { emails, phones: [] }),
      holding: yield* crm.holding(account, { emails, phones: [] }),
      leadFacts: yield* crm.leadFacts(account, {
        emails,
        phones: [],
        chatId,
        pools: [poolId],
        commandId: Twins.commandId
      }),
      users: yield* crm.users(account),
      pools: yield* crm.pools(account),
      peopleOf: yield* crm.peopleOf(account, [leadId]),
      activities: yield* crm.activities(account, { ...page, records: [lead], types: null, byAny: null }),
      list: yield* crm.list(account, "lead", null, 50)
    }
  })

/** Versions and positions apart, which differ from account to account. */
const plain = (answers: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answers, (key, value) =>
      key === "version" || key === "position" || key === "next"
        ? undefined
        : value instanceof Map
          ? [...value].sort()
          : value
    )
  )

const fill = (account: Id.AccountId, text: string) =>
  Effect.gen(function* () {
    const [desk, crm] = [yield* DeskStore, yield* CrmStore]
    yield* desk.commit(account, Twins.desk(text))
    yield* crm.commit(account, Twins.crm(text))
  })

let accounts = 0
const freshAccount = (of: string) => Id.AccountId.make(`${of}'%_${++accounts}`)

/** PostgreSQL's limits, patterns and parameters, beside the specimens. */
const specimens = [
  ...Object.values(HostileText.specimens),
  ..."%|_|$1|:schema|\\|'|\"|\\u0000|\\ud800|{NULL}|NULL|$leadline_text$".split("|")
]

describe.each([
  { where: "server", layer: onServer() },
  { where: "PGlite", layer: onPglite() }
])("hostile text on $where", ({ layer }) => {
  const runtime = ManagedRuntime.make(layer)
  afterAll(() => runtime.dispose())

  const roundTrip = (text: string) =>
    runtime.runPromise(
      Effect.gen(function* () {
        const account = freshAccount("one")
        yield* fill(account, text)
        const answers = yield* askAll(account, text)
        expect(answers.get.slice(0, 5).map(({ value }) => value)).toEqual(
          Twins.desk(text).put.map(({ value }) => value)
        )
        expect(answers.crmGet.slice(0, 5).map(({ value }) => value)).toEqual(
          Twins.crm(text).put.map(({ value }) => value)
        )
        for (const commands of [answers.get, answers.crmGet])
          expect(commands.at(-1)?.value).toMatchObject({ digest: text, answer: { text, list: [text] } })
        for (const texts of [answers.contents, answers.getWithTexts.texts, answers.closedChats.texts])
          for (const found of texts.values()) expect(found).toBe(text)
        expect(answers.contentCount).toBe(2)
        expect(answers.transcript.map((line) => line.text)).toEqual([text])
        expect(answers.roster.map(({ agent, served }) => [agent.id, served.length])).toEqual([[agentId, 1]])
        expect(answers.personChats.map(({ id }) => id).sort()).toEqual([pastId, chatId].sort())
        expect(answers.closedChats.chats.map(({ id }) => id)).toEqual([pastId])
        for (const one of ["givenUp", "byKeys", "holding", "users", "pools", "activities", "list", "due"] as const)
          expect([one, answers[one].length]).toEqual([one, 1])
        expect(answers.leadFacts.candidates).toHaveLength(1)
        expect(answers.leadFacts.command?.value).toMatchObject({ digest: text })
      })
    )

  it.each(specimens)("comes back as it was from every member: %j", roundTrip)

  // 20 texts of each kind of nuisance; `fc` shrinks what breaks
  it("comes back as it was, whatever was typed", () =>
    fc.assert(fc.asyncProperty(HostileText.text, roundTrip), { numRuns: 20 }))

  it("comes back as it was at a million characters, where keys stay short", () =>
    runtime.runPromise(
      Effect.gen(function* () {
        const account = freshAccount("long")
        const long = `${"x'\\\u{1F600}".repeat(200_000)}\0`
        const desk = yield* DeskStore
        const { contents, ...rest } = Twins.desk("short")
        yield* desk.commit(account, { ...rest, contents: contents.map((content) => ({ ...content, value: long })) })
        const [line] = yield* desk.transcript(account, chatId, 0, 1)
        expect(line?.text === long).toBe(true)
      })
    ))

  it("two accounts with the same ids and emails never see each other, whatever is asked (J2)", () =>
    runtime.runPromise(
      Effect.gen(function* () {
        const [one, two, empty] = [freshAccount("one"), freshAccount("two"), freshAccount("none")]
        yield* fill(one, "mine")
        const alone = plain(yield* askAll(one, "mine"))
        const nothing = plain(yield* askAll(empty, "mine"))
        yield* fill(two, "theirs")
        expect(plain(yield* askAll(one, "mine"))).toEqual(alone)
        expect(JSON.stringify(alone)).not.toContain("theirs")
        expect(JSON.stringify(plain(yield* askAll(two, "theirs")))).not.toContain("mine")
        expect(plain(yield* askAll(empty, "mine"))).toEqual(nothing)
        const desk = yield* DeskStore
        expect(yield* desk.erase(two, Twins.subject, 50)).toEqual({ erased: 2, isDone: true })
        expect(plain(yield* askAll(one, "mine"))).toEqual(alone)
      })
    ))
})
