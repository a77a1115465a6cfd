import type { TestProject } from "vitest/node"
import { PostgresServer } from "./PostgresServer.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Of the database that the tests may use: each in a schema of its own. */
    readonly databaseUrl: string
  }
}

let server: PostgresServer | null = null

/** One server for all test files: `DATABASE_URL` where it is given, else one from npm that leaves nothing behind. */
export const setup = async (project: TestProject): Promise<void> => {
  const given = process.env.DATABASE_URL
  if (given === undefined) server = await PostgresServer.start()
  project.provide("databaseUrl", given ?? server?.url ?? "")
}

export const teardown = (): Promise<void> => server?.stop() ?? Promise.resolve()
