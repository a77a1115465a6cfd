import { Context, Effect } from "effect"
import type { MailId, NoticeId } from "../../domain/account/Id.ts"
import { toKey } from "../../domain/record/RecordRef.ts"
import { Crm } from "../../ports/Crm.ts"
import { Notifier } from "../../ports/Notifier.ts"
import { VisitorMail } from "../../ports/VisitorMail.ts"
import type { Services } from "./Host.ts"

/** What left the system for good, as those see it who stand outside: users, visitors, a foreign CRM's own screens. */
export class Recorder {
  readonly notices = new Set<NoticeId>()
  /** By mail id: the chat whose transcript it is. */
  readonly mails = new Map<MailId, string>()
  /** By `record|chat`: how often it was copied there. */
  readonly copies = new Map<string, number>()

  /** The same ports, and what they accept is written down here. */
  around(ports: Context.Context<Services>): Context.Context<Services> {
    const [notifier, mail, crm] = [
      Context.get(ports, Notifier),
      Context.get(ports, VisitorMail),
      Context.get(ports, Crm)
    ]
    return ports.pipe(
      Context.add(Notifier, {
        ...notifier,
        notify: (account, notice) =>
          Effect.tap(notifier.notify(account, notice), () => Effect.sync(() => this.notices.add(notice.id)))
      }),
      Context.add(VisitorMail, {
        ...mail,
        send: (account, letter) =>
          Effect.tap(mail.send(account, letter), () =>
            Effect.sync(() => this.mails.set(letter.id, letter.conversation.chatId))
          )
      }),
      Context.add(Crm, {
        ...crm,
        putChatCopy: (account, copy) =>
          Effect.tap(crm.putChatCopy(account, copy), () =>
            Effect.sync(() => {
              const key = `${toKey(copy.record)}|${copy.entry.id}`
              this.copies.set(key, (this.copies.get(key) ?? 0) + 1)
            })
          )
      })
    )
  }
}
