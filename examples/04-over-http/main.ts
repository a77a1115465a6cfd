import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Console, Data, Effect, type Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { Id } from "leadline"
import * as Client from "leadline/http/client"
import { type Serving, serving } from "./Server.ts"

class NoToken extends Data.TaggedError("NoToken")<{ readonly who: string }> {}
class CurlFailed extends Data.TaggedError("CurlFailed")<{ readonly output: string }> {}

const tokenOf = ({ tokens }: Serving, who: string): Effect.Effect<Redacted.Redacted, NoToken> => {
  const token = tokens.get(who)
  return token === undefined ? Effect.fail(new NoToken({ who })) : Effect.succeed(token)
}

const clientOf = (server: Serving, who: string) =>
  Effect.flatMap(tokenOf(server, who), (token) => Client.make({ url: server.url, token: Effect.succeed(token) }))

/** The visitor has curl and nothing else. */
const visit = (url: string, token: string) =>
  Effect.suspend(() => {
    const script = fileURLToPath(new URL("visitor.sh", import.meta.url))
    const done = spawnSync("sh", [script], { encoding: "utf8", env: { ...process.env, URL: url, TOKEN: token } })
    return done.status === 0
      ? Effect.succeed(done.stdout)
      : Effect.fail(new CurlFailed({ output: `${done.stdout}${done.stderr}` }))
  })

const story = Effect.gen(function* () {
  const server = yield* serving("--store", "memory")
  yield* Console.log("a server runs, with tokens for trying it out")
  const website = yield* clientOf(server, "a service")
  const first = yield* website.tokens.issue({ payload: { visitorId: Id.VisitorId.make("zoe") } })
  const token = yield* visit(server.url, first.token)
  yield* Console.log("Zoe asked for a chat, and wrote, with curl")

  const ada = yield* clientOf(server, "an agent, ada")
  const headers = {}
  yield* ada.agents.setStatus({ headers, payload: { status: "online" } })
  const { chatId } = yield* ada.chats.answerNext({ headers })
  const params = { chatId }
  const { lines } = yield* ada.chats.read({ params, query: {} })
  yield* Console.log(`Ada answered, and reads: ${lines.map(({ text }) => text).join(" / ")}`)
  yield* ada.talk.send({ params, headers, payload: { text: "We do! What may it be?" } })
  const { panel } = yield* ada.panel.read({ params })
  yield* Console.log(`beside the chat the panel says ${panel._tag}`)
  const { decision, lead } = yield* ada.panel.createLead({ params, headers, payload: { note: "Asks for chairs" } })
  yield* Console.log(`a lead was made; ${decision.owner} owns it: ${decision.reason._tag}`)
  const again = yield* Effect.flip(ada.panel.createLead({ params, headers, payload: {} }))
  yield* Console.log(`asked again, the server refuses: ${again._tag}`)
  yield* ada.chats.end({ params, headers })

  const conversation = yield* Effect.promise(async () => {
    const response = await fetch(`${server.url}/v1/visitor/chat`, { headers: { authorization: `Bearer ${token}` } })
    return (await response.json()) as { readonly lines: ReadonlyArray<{ readonly text: string }> }
  })
  yield* Console.log(`Zoe can still read it: ${conversation.lines.map(({ text }) => text).join(" / ")}`)
  const olga = yield* clientOf(server, "a CRM user, olga")
  const feed = yield* olga.feed.read({ params: { kind: "lead", id: lead }, query: { types: ["Chat"] } })
  yield* Console.log(`in the lead's feed: ${feed.entries.length} chat, ${feed.completeness._tag}`)
})

process.exitCode = await Effect.runPromise(
  Effect.scoped(story).pipe(
    Effect.provide(FetchHttpClient.layer),
    Effect.as(0),
    Effect.catch((error) => Effect.as(Console.error(error), 1))
  )
)
