import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Schema } from "effect"
import type fc from "fast-check"
import * as Leadline from "leadline"
import * as Testing from "leadline/testing"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** The folder of `src/domain` that each namespace of the package comes from. */
const features = new Map(
  [...readFileSync(`${root}src/index.ts`, "utf8").matchAll(/export \* as (\w+) from "\.\/domain\/(\w+)\//g)].map(
    ([, namespace = "", feature = ""]) => [namespace, feature] as const
  )
)

export interface PublicSchema {
  /** `Chat.ChatState`. */
  readonly name: string
  readonly schema: Schema.Codec<unknown, unknown>
  /** By its name: `ChatArbitrary.chatState`; `undefined`: there is none. */
  readonly arbitrary: fc.Arbitrary<unknown> | undefined
}

const lowerFirst = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`
const upperFirst = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

const generatorOf = (feature: string, name: string): fc.Arbitrary<unknown> | undefined => {
  const namespace = Object.entries(Testing).find(([exported]) => exported === `${upperFirst(feature)}Arbitrary`)?.[1]
  return Object.entries(namespace ?? {}).find(([exported]) => exported === lowerFirst(name))?.[1]
}

/** Every schema that the package exports, found at run time, with the generator that bears its name. */
export const publicSchemas: ReadonlyArray<PublicSchema> = Object.entries(Leadline).flatMap(([namespace, module]) =>
  Object.entries(module)
    .filter(([, exported]) => Schema.isSchema(exported))
    .map(([name, schema]) => ({
      name: `${namespace}.${name}`,
      schema,
      arbitrary: generatorOf(features.get(namespace) ?? "", name)
    }))
)
