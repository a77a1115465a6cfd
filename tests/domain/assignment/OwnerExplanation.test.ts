import { Id, type OwnerDecision, OwnerExplanation, RecordRef } from "leadline"
import { describe, expect, it } from "vitest"

const user = (id: string) => Id.UserId.make(id)
const poolId = Id.PoolId.make("p")
const names: OwnerExplanation.Names = {
  users: new Map([
    [user("ada"), "Ada Moss"],
    [user("ben"), "Ben Ray"],
    [user("blank"), " "]
  ]),
  pools: new Map([[poolId, "Sales"]])
}
const unnamed: OwnerExplanation.Names = { users: new Map(), pools: new Map() }

const lead = (reason: OwnerDecision.OwnerReason | null, more: Partial<OwnerDecision.OwnerDecision> = {}) => ({
  id: RecordRef.RecordId.make("l1"),
  ownerId: user("ada"),
  assignment: reason === null ? null : { owner: user("ada"), reason, passedOver: [], ...more }
})

const said = (...asked: Parameters<typeof OwnerExplanation.explain>) =>
  OwnerExplanation.sentence(OwnerExplanation.explain(...asked))

const topmost = (among: "sole" | "accountOwner" | "lowestId", emptyPool: Id.PoolId | null = null) =>
  ({ _tag: "TopmostManager", among, emptyPool }) as const

describe("the explanation of an owner", () => {
  it.each<readonly [OwnerDecision.OwnerReason, string]>([
    [{ _tag: "Picked" }, "they were picked"],
    [{ _tag: "OnlyChoice" }, "no other owner could be chosen"],
    [{ _tag: "Creator" }, "they made it, and no other owner could be chosen"],
    [{ _tag: "Dealt", poolId, picked: false }, "it was their turn in the pool Sales"],
    [{ _tag: "Dealt", poolId, picked: true }, "it was their turn in the pool Sales, which was picked"],
    [topmost("sole"), "they are the topmost manager"],
    [topmost("accountOwner"), "of the topmost managers they own the account"],
    [topmost("lowestId"), "of the topmost managers they come first"],
    [topmost("sole", poolId), "nobody in the pool Sales was active, and they are the topmost manager"]
  ])("gives every reason in words: %j (F1, F2, F4, F5)", (reason, words) => {
    expect(said(lead(reason), names)).toBe(`Ada Moss owns this lead: ${words}.`)
  })

  it("names each who was passed over, and why (F4)", () => {
    const passedOver = [
      { userId: user("ben"), reason: "inactive" },
      { userId: user("gone"), reason: "unknown" },
      { userId: user("blank"), reason: "lowerRank" }
    ] as const
    expect(said(lead(topmost("sole"), { passedOver }), names)).toBe(
      "Ada Moss owns this lead: they are the topmost manager. Passed over: Ben Ray (not active), gone (no such user), " +
        "blank (another topmost manager comes first)."
    )
  })

  it("goes by ids where names are gone (F4)", () => {
    const explained = OwnerExplanation.explain(lead({ _tag: "Dealt", poolId, picked: false }), unnamed)
    expect(explained).toEqual({
      _tag: "Decided",
      lead: "l1",
      owner: { userId: "ada", name: null },
      decision: {
        owner: { userId: "ada", name: null },
        reason: { _tag: "Dealt", poolId: "p", picked: false },
        pool: { poolId: "p", name: null },
        passedOver: []
      },
      earlier: []
    })
    expect(OwnerExplanation.sentence(explained)).toBe("ada owns this lead: it was their turn in the pool p.")
  })

  it("tells a decision from what came before or after it: an import, another owner by hand (F4)", () => {
    expect(said(lead(null), names)).toBe("Ada Moss owns this lead: it came with this owner.")
    const passedOver = [{ userId: user("gone"), reason: "unknown" }] as const
    expect(said(lead({ _tag: "Picked" }, { owner: user("ben"), passedOver }), names)).toBe(
      "Ada Moss owns this lead: somebody gave it to them. Before, it went to Ben Ray: they were picked. " +
        "Passed over: gone (no such user)."
    )
  })
})
