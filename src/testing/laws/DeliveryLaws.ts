/** What tells users and mails visitors. Only their host sees what arrived, so the laws ask it. */
import { Context, Effect } from "effect"
import * as Id from "../../domain/account/Id.ts"
import type * as Notice from "../../domain/record/Notice.ts"
import { Notifier } from "../../ports/Notifier.ts"
import { type TranscriptMail, VisitorMail } from "../../ports/VisitorMail.ts"
import * as Expect from "./Expect.ts"
import { type Law, lawsOn } from "./Law.ts"
import { at } from "./StoreKit.ts"

/** Which notices users of an account were shown, in order. A test provides it beside the `Notifier`. */
export class Shown extends Context.Service<
  Shown,
  (account: Id.AccountId) => Effect.Effect<ReadonlyArray<Notice.Notice>>
>()("leadline/testing/Shown") {}

/** Which mails left for visitors of an account, in order. A test provides it beside the `VisitorMail`. */
export class Posted extends Context.Service<
  Posted,
  (account: Id.AccountId) => Effect.Effect<ReadonlyArray<TranscriptMail>>
>()("leadline/testing/Posted") {}

const notifies = lawsOn(
  Effect.map(Effect.all({ notifier: Notifier, shown: Shown }), ({ notifier, shown }) => ({
    notify: notifier.notify,
    capabilities: notifier.capabilities,
    shown
  }))
)

const mails = lawsOn(
  Effect.map(Effect.all({ post: VisitorMail, posted: Posted }), ({ post, posted }) => ({
    send: post.send,
    capabilities: post.capabilities,
    posted
  }))
)

const idempotent = {
  name: "idempotent",
  isDeclared: (port: { readonly capabilities: { readonly idempotent: boolean } }) => port.capabilities.idempotent
}

const notice = (id: string): Notice.Notice => ({
  id: Id.NoticeId.make(id),
  to: Id.UserId.make("u1"),
  about: { kind: "lead", id: "l1" as never },
  reason: "leadDealt",
  activityId: null,
  chatId: null,
  from: { _tag: "System" }
})

const mail = (id: string): TranscriptMail => ({
  id: Id.MailId.make(id),
  to: "ann@example.com",
  conversation: {
    ...{ chatId: Id.ChatId.make("c1"), startedAt: at(0), endedAt: at(1) },
    ...{ visitorName: null, agentNames: [], lines: [] }
  }
})

/** The laws of telling users. */
export const notifierLaws: ReadonlyArray<Law<Notifier | Shown>> = [
  notifies(
    {
      id: "notifier.notify.shown",
      sentence: "a notice that was accepted is shown, in its account alone",
      rules: ["G4", "J2"]
    },
    (port, { account, other }) =>
      Effect.gen(function* () {
        for (const id of ["n1", "n2"]) yield* port.notify(account, notice(id))
        yield* Expect.same("notices", yield* port.shown(account), [notice("n1"), notice("n2")])
        yield* Expect.same("notices of another account", yield* port.shown(other), [])
      })
  ),
  notifies(
    {
      id: "notifier.notify.idempotent",
      sentence: "a notice told again is shown once",
      rules: ["G4"],
      needs: idempotent
    },
    (port, { account }) =>
      Effect.gen(function* () {
        for (const id of ["n1", "n2", "n1"]) yield* port.notify(account, notice(id))
        yield* Expect.same("notices", yield* port.shown(account), [notice("n1"), notice("n2")])
      })
  )
]

/** The laws of mailing transcripts. */
export const visitorMailLaws: ReadonlyArray<Law<VisitorMail | Posted>> = [
  mails(
    { id: "mail.send.posted", sentence: "a mail that was accepted leaves, in its account alone", rules: ["D9", "J2"] },
    (port, { account, other }) =>
      Effect.gen(function* () {
        for (const id of ["m1", "m2"]) yield* port.send(account, mail(id))
        yield* Expect.same("mails", yield* port.posted(account), [mail("m1"), mail("m2")])
        yield* Expect.same("mails of another account", yield* port.posted(other), [])
      })
  ),
  mails(
    { id: "mail.send.idempotent", sentence: "a mail sent again arrives once", rules: ["D9"], needs: idempotent },
    (port, { account }) =>
      Effect.gen(function* () {
        for (const id of ["m1", "m2", "m1"]) yield* port.send(account, mail(id))
        yield* Expect.same("mails", yield* port.posted(account), [mail("m1"), mail("m2")])
      })
  )
]
