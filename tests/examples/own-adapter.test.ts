import { Effect } from "effect"
import { Id } from "leadline"
import { DeskStore } from "leadline/ports"
import { Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"
import { describe, expect, it } from "vitest"
import { crmMarks, deskStore, newFolder, settingsStore } from "../../examples/05-own-adapter/Adapter.ts"
import { layerDesk } from "../../examples/05-own-adapter/JsonDeskStore.ts"
import { run } from "./Run.ts"

describe("somebody's own adapter", () => {
  it("shows first what a mistake looks like, then that the right one keeps every law", { timeout: 60_000 }, () => {
    const { err, out, status } = run("05-own-adapter")
    expect([err, status]).toEqual(["", 0])
    expect(out).toMatch(/store\.model\.agrees is broken: a store does what plain maps and a list do/)
    expect(out).toMatch(/^ {2}1\. commit\(ours, .*version: 0.*\n {2}2\. commit\(ours, .*version: 0/m)
    expect(out).toMatch(/^ {2}again +seed \d+$/m)
    expect(out).toMatch(/^broken, too: .*store\.commit\.absence.*store\.commit\.everyIncrement/m)
    expect([...out.matchAll(/^(.*): (\d+) hold, (\d+) broken/gm)].map(([, port, , broken]) => [port, broken])).toEqual([
      ["DeskStore", "6"],
      ["DeskStore", "0"],
      ["SettingsStore", "0"],
      ["Crm, its marks", "0"]
    ])
  })

  it("finds everything again in its folder after a restart (K2)", () => {
    const folder = newFolder("restart")
    const account = Id.AccountId.make("acme")
    const key = { kind: "openChat", id: "zoe" } as const
    const nothing = { remove: [], contents: [], events: [], remember: null }
    const value = { chatId: Id.ChatId.make("chat-1") }
    const write = DeskStore.use((store) =>
      store.commit(account, {
        expect: [{ key, version: 0 }],
        put: [{ key, value, contents: [], due: null }],
        ...nothing
      })
    )
    const read = DeskStore.use((store) => store.get(account, [key]))
    const restarted = Effect.andThen(Effect.provide(write, layerDesk(folder)), Effect.provide(read, layerDesk(folder)))
    return Effect.runPromise(restarted).then((found) => expect(found).toEqual([{ key, version: 1, value }]))
  })
})

lawsOf("a desk in JSON files", Laws.deskStore, deskStore)
lawsOf("settings in JSON files", Laws.settingsStore, settingsStore)
lawsOf("a contact book", Laws.crmMarks, crmMarks, { buildPer: "law" })
