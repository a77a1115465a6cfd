#!/usr/bin/env node
/**
 * `npx leadline COMMAND …`: a table of commands, each a module of its own, loaded when it is asked for.
 *
 * @module
 */
import { Effect } from "effect"
import type { Command } from "./Command.ts"

const commands: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<Command> }>> = {
  laws: {
    about: "laws ./my-adapter.ts   checks an adapter against the laws of its ports",
    load: () => import("./Laws.ts").then(({ laws }) => laws)
  },
  serve: {
    about: "serve                     serves the HTTP API on a store of its own, for trying it out",
    load: () => import("./Serve.ts").then(({ serve }) => serve)
  },
  migrate: {
    about: "migrate postgres://…      brings a database's schema up to date, and says what it did",
    load: () => import("./Migrate.ts").then(({ migrate }) => migrate)
  }
}

const [name = "", ...given] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined

if (command === undefined) {
  const asked = name === "" || name === "--help" || name === "help"
  const table = Object.values(commands).map(({ about }) => `  leadline ${about}`)
  const text = [...(asked ? [] : [`no such command: ${name}`]), "usage:", ...table].join("\n")
  ;(asked ? console.log : console.error)(text)
  process.exitCode = asked ? 0 : 2
} else {
  process.exitCode = await Effect.runPromise((await command.load())(given))
}
