import { EventStore, EventType } from "@castore/core"
import { PostgresEventStorageAdapter } from "@castore/event-storage-adapter-postgres"
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql"
import { and, eq } from "drizzle-orm"
import { drizzle } from "drizzle-orm/node-postgres"
import { bigint, jsonb, pgSchema, primaryKey, text } from "drizzle-orm/pg-core"
import { handPool, url } from "../Postgres.ts"
import { message, summary } from "./Hand.ts"

/** The same message, sent by what others built: each as its documentation shows, with the version in hand. */
export interface Peer {
  /** Sends a message in chat `n`. One writer per chat at a time. */
  readonly append: (n: number, text: string) => Promise<void>
  readonly messages: () => Promise<number>
  readonly close: () => Promise<void>
}

/** A database of its own: peers name their tables themselves. */
const database = async (name: string): Promise<{ readonly at: string; readonly drop: () => Promise<void> }> => {
  const ask = async (statement: string) => {
    const pool = await handPool(1)
    await pool.query(statement)
    await pool.end()
  }
  await ask(`create database ${name}`)
  const at = new URL(await url())
  at.pathname = name
  return { at: at.href, drop: () => ask(`drop database ${name} with (force)`) }
}

const counted = async (at: string, statement: string): Promise<number> => {
  const pool = await handPool(1, "auto", at)
  const { rows } = await pool.query(statement)
  await pool.end()
  return rows[0].n
}

/** emmett-postgresql: a stream per chat, the expected version given. */
export const emmett = async (chats: number): Promise<Peer> => {
  const { at, drop } = await database("peer_emmett")
  const pool = await handPool(16, "auto", at)
  const store = getPostgreSQLEventStore(at, { connectionOptions: { pool } })
  await store.schema.migrate()
  const versions = Array.from({ length: chats }, () => 0n)
  return {
    append: async (n, typed) => {
      const version = versions[n] ?? 0n
      const data = message(Number(version) + 1, typed)
      const { nextExpectedStreamVersion } = await store.appendToStream(`chat-${n}`, [{ type: "MessageSent", data }], {
        expectedStreamVersion: version === 0n ? "STREAM_DOES_NOT_EXIST" : version
      })
      versions[n] = nextExpectedStreamVersion
    },
    messages: () => counted(at, "select count(*)::int as n from emt_messages"),
    close: async () => {
      await store.close()
      await pool.end()
      await drop()
    }
  }
}

/** castore with its adapter for PostgreSQL, which makes its own pool. */
export const castore = async (chats: number): Promise<Peer> => {
  const { at, drop } = await database("peer_castore")
  const connectionString = `${at}?max=16`
  await PostgresEventStorageAdapter.createEventTable({ connectionString, aggregateId: { type: "VARCHAR", length: 32 } })
  const store = new EventStore({
    eventStoreId: "CHATS",
    eventTypes: [new EventType({ type: "MessageSent" })],
    eventStorageAdapter: new PostgresEventStorageAdapter({ connectionString }),
    reducer: (_, { aggregateId, version }) => ({ aggregateId, version })
  })
  const versions = Array.from({ length: chats }, () => 0)
  return {
    append: async (n, typed) => {
      const version = (versions[n] ?? 0) + 1
      const payload = message(version, typed)
      await store.pushEvent({ aggregateId: `chat-${n}`, version, type: "MessageSent", payload } as never)
      versions[n] = version
    },
    messages: () => counted(at, "select count(*)::int as n from event"),
    close: drop
  }
}

/** drizzle: the chat's version is checked and moved, and the event inserted, in a transaction. */
export const orm = async (schema: string, chats: number): Promise<Peer> => {
  const own = pgSchema(schema)
  const chat = own.table("chat", {
    id: text().primaryKey(),
    version: bigint({ mode: "number" }).notNull(),
    value: jsonb().notNull()
  })
  const event = own.table(
    "event",
    { chat: text().notNull(), version: bigint({ mode: "number" }).notNull(), value: jsonb().notNull() },
    (table) => [primaryKey({ columns: [table.chat, table.version] })]
  )
  const pool = await handPool()
  await pool.query(`create schema ${schema}`)
  await pool.query(
    `create table ${schema}.chat (id text primary key, version bigint not null, value jsonb not null) with (fillfactor = 80)`
  )
  await pool.query(
    `create table ${schema}.event (chat text not null, version bigint not null, value jsonb not null, primary key (chat, version))`
  )
  const db = drizzle({ client: pool })
  await db
    .insert(chat)
    .values(Array.from({ length: chats }, (_, n) => ({ id: `chat-${n}`, version: 0, value: summary(0) })))
  const versions = Array.from({ length: chats }, () => 0)
  return {
    append: async (n, typed) => {
      const version = (versions[n] ?? 0) + 1
      const id = `chat-${n}`
      await db.transaction(async (transaction) => {
        const moved = await transaction
          .update(chat)
          .set({ version, value: summary(version) })
          .where(and(eq(chat.id, id), eq(chat.version, version - 1)))
          .returning({ id: chat.id })
        if (moved.length !== 1) throw new Error("the chat's version had moved")
        await transaction.insert(event).values({ chat: id, version, value: message(version, typed) })
      })
      versions[n] = version
    },
    messages: async () => (await pool.query(`select count(*)::int as n from ${schema}.event`)).rows[0].n,
    close: async () => {
      await pool.query(`drop schema ${schema} cascade`)
      await pool.end()
    }
  }
}
