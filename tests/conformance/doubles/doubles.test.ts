import { type Context, Effect, Layer } from "effect"
import * as Memory from "leadline/memory"
import { ChatSearch, Crm, CrmStore, DeskStore, Notifier, Signals, VisitorMail } from "leadline/ports"
import { Check, Laws } from "leadline/testing"
import { OwnCrm } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import { posted, shown } from "../Delivered.ts"
import { ownCrmSeed } from "../OwnCrmSeed.ts"
import { commitDoubles } from "./CommitDoubles.ts"
import { crmDoubles } from "./CrmDoubles.ts"
import { crmStoreDoubles } from "./CrmStoreDoubles.ts"
import { deskDoubles } from "./DeskDoubles.ts"
import { type Break, type Doubles, joined } from "./Double.ts"
import { searchDoubles } from "./SearchDoubles.ts"
import { notifierDoubles, signalsDoubles, visitorMailDoubles } from "./SignalsDoubles.ts"
import { storeDoubles } from "./StoreDoubles.ts"

/** Between whose operations other fibers run. */
const memory = Memory.layer({ yieldsBeforeEach: true })

/** A layer in which one port does one thing otherwise. */
const breaking =
  <Id, Shape extends object, R>(port: Context.Key<Id, Shape>, layer: Layer.Layer<R | Id>) =>
  (change: Break<Shape>): Layer.Layer<R | Id> =>
    Layer.provideMerge(
      Layer.effect(
        port,
        Effect.map(port, (shape) => ({ ...shape, ...change(shape) }))
      ),
      layer
    )

/** That each law has doubles, and that each double breaks the law that it stands under. */
const eachBreaks = <R, Shape>(
  { laws, port }: Check.Suite<R>,
  doubles: Doubles<Shape>,
  layer: (change: Break<Shape>) => Layer.Layer<R>
) =>
  describe(`the laws of ${port}`, () => {
    it("have a double each, and no double is left over", () => {
      expect(Object.keys(doubles).sort()).toEqual(laws.map(({ id }) => id).sort())
    })

    const faults = laws.flatMap((law) =>
      Object.entries(doubles[law.id] ?? {}).map(([fault, change]) => ({ law, id: law.id, fault, change }))
    )
    it.concurrent.each(faults)("$id is broken where $fault", async ({ change, law }) => {
      const judged = await Effect.runPromise(Effect.provide(Check.judge(law), layer(change)))
      expect(judged.verdict).toMatchObject({ _tag: "Broken" })
    })
  })

/** The laws that every store keeps are broken on the chat side's: the other stores have theirs from the same source. */
const isOwn = ({ id }: { readonly id: string }) => !id.startsWith("store.")

eachBreaks(Laws.deskStore, joined(commitDoubles, storeDoubles, deskDoubles), breaking(DeskStore, memory))
eachBreaks({ port: "CrmStore", laws: Laws.crmStore.laws.filter(isOwn) }, crmStoreDoubles, breaking(CrmStore, memory))
eachBreaks(Laws.chatSearch, searchDoubles, breaking(ChatSearch, memory))
eachBreaks(Laws.signals, signalsDoubles, breaking(Signals, memory))
eachBreaks(Laws.notifier, notifierDoubles, breaking(Notifier, Layer.provideMerge(shown, memory)))
eachBreaks(Laws.visitorMail, visitorMailDoubles, breaking(VisitorMail, Layer.provideMerge(posted, memory)))
eachBreaks(
  Laws.crm,
  crmDoubles,
  breaking(Crm, Layer.provideMerge(ownCrmSeed, Layer.provideMerge(OwnCrm.layer, memory)))
)
