import type { TestProject } from "vitest/node"
import { PostgresServer } from "./PostgresServer.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Of the database that the tests may use: each in a schema of its own. */
    readonly databaseUrl: string
  }
}

/** One server for all test files: `DATABASE_URL` where it is given, else one from npm that leaves nothing behind. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const given = process.env["DATABASE_URL"]
  if (given !== undefined) {
    project.provide("databaseUrl", given)
    return () => Promise.resolve()
  }
  const server = await PostgresServer.start()
  project.provide("databaseUrl", server.url)
  return () => server.stop()
}
