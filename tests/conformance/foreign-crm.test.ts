import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { RecordRef, type User } from "leadline"
import { Crm } from "leadline/ports"
import { CrmKit, Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"
import { crmOverHttp } from "../adapters/http/RemoteStores.ts"
import { Books } from "../use-cases/foreign/Foreign.ts"
import { prospector } from "../use-cases/foreign/ForeignCrm.ts"
import { adapt } from "../use-cases/foreign/ProspectorAdapter.ts"

/** It knows one account, gives ids itself, and forgets nobody: each law has one of its own. */
const layer = Layer.unwrap(
  Effect.sync(() => {
    const crm = prospector()
    const seed = CrmKit.CrmSeed.of({
      user: (_, { id }: User.User) =>
        Effect.sync(() => {
          crm.staff.push({ login: id, boss: null, works: true })
          return id
        }),
      record: (_, { emails, name, owner, phones }) =>
        Effect.sync(() => {
          const seen = { sort: "prospect", title: name, mail: emails[0] ?? "", tel: phones[0] ?? "" } as const
          return RecordRef.RecordId.make(String(crm.enter({ ...seen, holder: owner, tag: "", since: -60_000 })))
        }),
      pool: () => Effect.die("pools are the library's"),
      delete: () => Effect.die("no law of marks deletes"),
      merge: () => Effect.die("no law of marks merges"),
      catchUp: TestClock.adjust("31 seconds")
    })
    const ports = Layer.mergeAll(Layer.succeed(Crm, adapt(crm)), Layer.succeed(Books, crm))
    // its searches are stale by the clock that `catchUp` moves
    return Layer.provideMerge(
      Layer.merge(
        ports,
        Layer.effect(
          CrmKit.CrmSeed,
          Effect.map(Effect.context<never>(), (clock) => ({
            ...seed,
            catchUp: Effect.provide(seed.catchUp, clock)
          }))
        )
      ),
      TestClock.layer()
    )
  })
)

lawsOf("a foreign CRM of markers", Laws.crmMarks, layer, { buildPer: "law" })

lawsOf("a foreign CRM of markers, over HTTP", Laws.crmMarks, Layer.provideMerge(crmOverHttp, layer), {
  buildPer: "law"
})
