import { Effect } from "effect"
import { EmailKey, Id, Matching } from "leadline"
import { Crm } from "leadline/ports"
import { createPool, saveUser } from "leadline/use-cases"
import { account, setup } from "../Office.ts"
import { fibers, handPool, host } from "../Postgres.ts"
import { type Dealer, SELLERS } from "./Side.ts"

const poolId = Id.PoolId.make("inbound")

/** Sellers and their pool, once. */
export const make = async (schema: string): Promise<void> => {
  const { close, run } = await host(schema, 2)
  await run(
    Effect.gen(function* () {
      yield* Effect.forEach(SELLERS, (id, n) =>
        saveUser(setup, {
          id: Id.UserId.make(id),
          name: id,
          email: `${id}@acme.example`,
          isActive: true,
          reportsTo: null,
          isAccountOwner: n === 0,
          isCrmAdministrator: n === 0,
          teams: [],
          groups: [],
          visibility: "all"
        })
      )
      const members = SELLERS.map((id) => Id.UserId.make(id))
      yield* createPool(setup, { id: poolId, name: "Inbound", recordKind: "lead", members })
    })
  )
  await close()
}

const owner = {
  _tag: "ByPolicy",
  anyOwnerAllowed: false,
  configured: [{ _tag: "Pool", poolId }],
  access: "allAgents",
  picked: null
} as const

/** A lead of a chat, as `createLead` asks the CRM for it (E3): unmatched, dealt, its owner told. */
const create = (n: number) =>
  Effect.flatMap(Crm, (crm) => {
    const email = `visitor-${n}@example.com`
    const lead = {
      chatId: Id.ChatId.make(`chat-${n}`),
      evidence: Matching.evidenceFor("emailOnly", EmailKey.make(email), null),
      firstName: "Zoë",
      lastName: "Berg",
      email,
      phone: null,
      status: "New",
      source: null,
      owner,
      creator: setup.actor,
      creatorUser: null,
      viewer: { _tag: "All" } as const,
      note: null,
      defaultRegion: null
    }
    // whoever lost too many races is told to try again, and does
    return Effect.retry(crm.createLead(account, lead, `lead-${n}`), {
      while: (failure) => failure._tag === "StoreError" && failure.isRetryable
    })
  })

export const open = async (schema: string, connections: number): Promise<Dealer> => {
  const { close, run } = await host(schema, connections)
  return {
    create: (size, atOnce, from) => run(fibers(size, atOnce, (n) => create(from + n))),
    dealt: async () => {
      const pool = await handPool(1)
      const { rows } = await pool.query(
        `select count(*)::int as n from ${schema}.record where kind = 'crm.lead' group by value -> 'value' ->> 'ownerId'`
      )
      await pool.end()
      return rows.map(({ n }) => n)
    },
    close
  }
}
