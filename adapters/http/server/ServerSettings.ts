import { Config, Context, Duration, Layer } from "effect"

/** A token bucket: so many at once, and so many per second on average. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** What a server allows. */
export interface ServerSettings {
  /** Largest body of a request, in bytes. Default 1 MiB: 100 chats of an import. */
  readonly bodyLimit: number
  /** How long a request may take before it is answered 503, and interrupted. Default 30 s. */
  readonly timeout: Duration.Duration
  /** What one address may send; checked before anything else. Default 200 a second: an office behind one address. */
  readonly perAddress: Rate
  /** What one agent, user or visitor may send; services are the account's own. Default 20 a second. */
  readonly perCaller: Rate
  /** Whose pages may call the visitor's side (CORS): origins, or `*`. Default none. */
  readonly origins: ReadonlyArray<string>
  /** How long `/ready` says no before the server stops to listen, so that balancers look elsewhere. Default 0. */
  readonly drain: Duration.Duration
}

/** decision: a person types and clicks a few times a second; a console that reconnects asks for a dozen things at once. */
export const defaults: ServerSettings = {
  bodyLimit: 1_048_576,
  timeout: Duration.seconds(30),
  perAddress: { burst: 1_000, perSecond: 200 },
  perCaller: { burst: 100, perSecond: 20 },
  origins: [],
  drain: Duration.zero
}

/** The server's settings; {@link defaults} where nothing was provided. */
export const ServerSettings = Context.Reference<ServerSettings>("leadline/http/ServerSettings", {
  defaultValue: () => defaults
})

/** Settings that differ from {@link defaults}. */
export const layer = (changes: Partial<ServerSettings>): Layer.Layer<never> =>
  Layer.succeed(ServerSettings, { ...defaults, ...changes })

/** From the environment: `BODY_LIMIT`, `REQUEST_TIMEOUT`, `ORIGINS` (comma separated), `DRAIN`. */
export const config: Config.Config<Partial<ServerSettings>> = Config.all({
  bodyLimit: Config.withDefault(Config.Int("BODY_LIMIT"), defaults.bodyLimit),
  timeout: Config.withDefault(Config.Duration("REQUEST_TIMEOUT"), defaults.timeout),
  origins: Config.map(Config.withDefault(Config.String("ORIGINS"), ""), (text) =>
    text
      .split(",")
      .map((origin) => origin.trim())
      .filter((origin) => origin !== "")
  ),
  drain: Config.withDefault(Config.Duration("DRAIN"), defaults.drain)
})
