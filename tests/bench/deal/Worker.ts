import { useServer } from "../Postgres.ts"
import * as Hand from "./Hand.ts"
import * as Ours from "./Ours.ts"

/** A host of its own: creates the leads that it is told to, by one side. */
export interface Order {
  readonly size: number
  readonly atOnce: number
  readonly from: number
}

const [url = "", side = "", schema = ""] = process.argv.slice(2)
useServer(url)
const dealer = await (side === "ours" ? Ours : Hand).open(schema, 4)

process.on("message", async ({ atOnce, from, size }: Order) => {
  await dealer.create(size, atOnce, from)
  process.send?.("done")
})
process.send?.("ready")
