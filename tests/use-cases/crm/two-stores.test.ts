import { Effect, Layer } from "effect"
import { layer as memory } from "leadline/memory"
import { Crm } from "leadline/ports"
import { OwnCrm } from "leadline/use-cases"
import { expect, it } from "vitest"
import { account, everything, lead, leadRef, saveRecords } from "./World.ts"

it("a CRM of our own is that of its store, also where one program has two (J2)", () => {
  const own = () => OwnCrm.layer.pipe(Layer.provideMerge(memory()))
  const read = Crm.use((crm) => Effect.exit(crm.read(account, everything, leadRef("l"))))
  return Effect.runPromise(
    Effect.gen(function* () {
      yield* saveRecords(lead("l", []))
      const here = yield* read
      const there = yield* Effect.provide(read, own())
      expect(here._tag === "Success" && here.value).toBeTruthy()
      expect(there).not.toEqual(here)
    }).pipe(Effect.provide(own()))
  )
})
