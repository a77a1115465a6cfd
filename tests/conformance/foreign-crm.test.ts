import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { RecordRef } from "leadline"
import { Crm } from "leadline/ports"
import { Books } from "../use-cases/foreign/Foreign.ts"
import { prospector } from "../use-cases/foreign/ForeignCrm.ts"
import { adapt } from "../use-cases/foreign/ProspectorAdapter.ts"
import { crmMarkLaws } from "./CrmMarkLaws.ts"

const layer = () => {
  const crm = prospector()
  return Layer.mergeAll(Layer.succeed(Crm, adapt(crm)), Layer.succeed(Books, crm), TestClock.layer())
}

crmMarkLaws("a foreign CRM of markers", {
  layer,
  seed: Effect.gen(function* () {
    const crm = yield* Books
    crm.staff.push({ login: "owner", boss: null, works: true })
    const seen = { sort: "prospect", title: "Ann", mail: "ann@example.com", tel: "555" } as const
    return RecordRef.RecordId.make(String(crm.enter({ ...seen, holder: "owner", tag: "", since: -60_000 })))
  }),
  catchUp: TestClock.adjust("31 seconds")
})
