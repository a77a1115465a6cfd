import { Effect, Stream } from "effect"
import type { Id, Signal } from "leadline"
import type { Notifier, SignalsShape, VisitorMail } from "leadline/ports"
import { type Break, type Doubles, pause } from "./Double.ts"

type Signals = SignalsShape

/** Everything that was sent is kept. */
const remembers: Break<Signals> = (signals) => {
  const sent: Array<Signal.Signal> = []
  return {
    send: (account, signal) =>
      Effect.suspend(() => {
        if (signal._tag === "Read" && signal.number > 0) sent.push(signal)
        return signals.send(account, signal)
      }),
    follow: (account, chatId) =>
      Stream.concat(
        Stream.fromIterable(sent.filter((signal) => signal.chatId === chatId)),
        signals.follow(account, chatId)
      )
  }
}

/** All followers share one line, and who is slow holds up all. */
const waitsForAll: Break<Signals> = (signals) => {
  let behind = 0
  return {
    send: (account, signal) => (behind > 100 ? Effect.never : signals.send(account, signal)),
    follow: (account, chatId) => {
      let isFirst = true
      return Stream.tap(signals.follow(account, chatId), () =>
        Effect.sync(() => {
          if (isFirst) behind += 60
          isFirst = false
        })
      )
    }
  }
}

/** Followers without a bound: all that was sent waits for them. */
const unbounded: Break<Signals> = () => {
  const sent = new Map<string, Array<Signal.Signal>>()
  const lineOf = (account: Id.AccountId, chatId: Id.ChatId) => {
    const line = sent.get(`${account}/${chatId}`) ?? []
    sent.set(`${account}/${chatId}`, line)
    return line
  }
  return {
    send: (account, signal) => Effect.sync(() => lineOf(account, signal.chatId).push(signal)),
    follow: (account, chatId) => {
      const line = lineOf(account, chatId)
      let next = line.length
      return Stream.forever(Stream.fromEffect(pause(1))).pipe(
        Stream.map(() => line[next]),
        Stream.filter((signal) => signal !== undefined),
        Stream.map((signal) => {
          next++
          return signal as Signal.Signal
        })
      )
    }
  }
}

/** Typing and read marks. */
export const signalsDoubles: Doubles<Signals> = {
  "signals.follow.each": {
    "only the first follower gets a signal": (signals) => {
      const seen = new Set<string>()
      return {
        follow: (account, chatId) =>
          Stream.filter(signals.follow(account, chatId), (signal) => {
            const name = JSON.stringify(signal)
            const isNew = !seen.has(name) || (signal._tag === "Read" && signal.number === 0)
            seen.add(name)
            return isNew
          })
      }
    },
    "typing is lost": (signals) => ({
      follow: (account, chatId) => Stream.filter(signals.follow(account, chatId), ({ _tag }) => _tag === "Read")
    })
  },
  "signals.follow.chat": {
    "the chat is forgotten": (signals) => ({
      send: (account, signal) =>
        Effect.andThen(
          signals.send(account, signal),
          signal.chatId === "d" ? signals.send(account, { ...signal, chatId: "c" as Id.ChatId }) : Effect.void
        )
    })
  },
  "signals.follow.account": {
    "the account is forgotten": (signals) => {
      let first: Id.AccountId | null = null
      const only = (account: Id.AccountId) => {
        first ??= account
        return first
      }
      return {
        send: (account, signal) => Effect.suspend(() => signals.send(only(account), signal)),
        follow: (account, chatId) => Stream.suspend(() => signals.follow(only(account), chatId))
      }
    }
  },
  "signals.follow.order": {
    "two come in the other order": (signals) => {
      let held: Signal.Signal | null = null
      return {
        send: (account, signal) =>
          Effect.suspend(() => {
            const isHeld = signal._tag === "Read" && signal.number === 7
            const before = held
            held = isHeld ? signal : null
            if (isHeld) return Effect.void
            return Effect.andThen(
              signals.send(account, signal),
              before === null ? Effect.void : signals.send(account, before)
            )
          })
      }
    },
    "each comes twice": (signals) => ({
      send: (account, signal) => Effect.andThen(signals.send(account, signal), signals.send(account, signal))
    })
  },
  "signals.follow.latest": {
    "a slow follower gets everything, however long it stands still": unbounded,
    "a slow follower loses the latest": (signals) => {
      let sent = 0
      return { send: (account, signal) => (++sent > 500 ? Effect.void : signals.send(account, signal)) }
    }
  },
  "signals.send.forgotten": { "who follows later gets what was sent before": remembers },
  "signals.send.unhindered": { "who sends waits for every follower": waitsForAll }
}

/** Told again, shown again. */
export const notifierDoubles: Doubles<Notifier["Service"]> = {
  "notifier.notify.shown": {
    "only the first notice is shown": (notifier) => ({
      notify: (account, notice) => (notice.id === "n1" ? notifier.notify(account, notice) : Effect.void)
    })
  },
  "notifier.notify.idempotent": {
    "a notice told again is shown again": (notifier) => {
      let told = 0
      return {
        notify: (account, notice) =>
          notifier.notify(account, ++told === 3 ? { ...notice, id: "again" as never } : notice)
      }
    }
  }
}

/** Sent again, arrives again. */
export const visitorMailDoubles: Doubles<VisitorMail["Service"]> = {
  "mail.send.posted": {
    "the second mail is lost": (post) => ({
      send: (account, mail) => (mail.id === "m1" ? post.send(account, mail) : Effect.void)
    })
  },
  "mail.send.idempotent": {
    "a mail sent again arrives again": (post) => {
      let sent = 0
      return { send: (account, mail) => post.send(account, ++sent === 3 ? { ...mail, id: "again" as never } : mail) }
    }
  }
}
