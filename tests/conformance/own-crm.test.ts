import { Effect, Layer } from "effect"
import * as Memory from "leadline/memory"
import { Crm, CrmStore } from "leadline/ports"
import { Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"
import { OwnCrm } from "leadline/use-cases"
import { expect, it } from "vitest"
import { ownCrmSeed } from "./OwnCrmSeed.ts"

const memory = Memory.layer({ yieldsBeforeEach: true })
const layer = Layer.provideMerge(ownCrmSeed, Layer.provideMerge(OwnCrm.layer, memory))

lawsOf("a CRM of our own in memory", Laws.crm, layer)

/** The same CRM over a store that cannot delete. */
const keeping = Layer.effect(
  Crm,
  Effect.map(CrmStore, (store) => OwnCrm.make({ ...store, capabilities: { ...store.capabilities, erase: false } }))
)

lawsOf(
  "a CRM of our own that keeps everything",
  Laws.crm,
  Layer.provideMerge(ownCrmSeed, Layer.provideMerge(keeping, memory))
)

it("a CRM of our own declares what it keeps: atomic, native, never stale (E3, F2, K1)", () =>
  Effect.runPromise(
    Effect.gen(function* () {
      const { capabilities } = yield* Crm
      expect(capabilities).toEqual({
        atomicIdentity: true,
        idempotentWrites: "native",
        notices: "native",
        chatCopies: false,
        pools: "native",
        erase: true,
        stalenessMillis: 0
      })
    }).pipe(Effect.provide(layer))
  ))
