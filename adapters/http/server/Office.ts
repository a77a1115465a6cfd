import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import * as UseCases from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import { asCaller } from "./AsCaller.ts"

/** `"3"`: version 3. `*`, or nothing: any. */
const expectedBy = (headers: { readonly "if-match"?: string }): UseCases.Expected => {
  const tag = headers["if-match"]
  return tag === undefined || tag === "*" ? {} : { version: Number(tag.slice(1, -1)) }
}

const withVersion = <Body>(body: Body, version: number) =>
  HttpApiSchema.withHeaders({ body, headers: { etag: `"${version}"` } })

/** The handlers of `LayoutsApi`. */
export const layouts = HttpApiBuilder.group(Api, "layouts", (handlers) =>
  handlers.handleAll({
    read: ({ params }) =>
      asCaller((caller) =>
        Effect.map(UseCases.readLayout(caller, { recordKind: params.kind }), (read) =>
          withVersion(read, read.layout.version)
        )
      ),
    edit: ({ headers, params, payload }) =>
      asCaller((caller) =>
        UseCases.editLayout(caller, { recordKind: params.kind, edit: payload }, expectedBy(headers))
      ),
    preview: ({ params }) => asCaller((caller) => UseCases.previewLayout(caller, { recordKind: params.kind })),
    publish: ({ headers, params }) =>
      asCaller((caller) => UseCases.publishLayout(caller, { recordKind: params.kind }, expectedBy(headers))),
    restore: ({ headers, params, payload }) =>
      asCaller((caller) => UseCases.restoreLayout(caller, { recordKind: params.kind, ...payload }, expectedBy(headers)))
  })
)

/** The handlers of `SettingsApi`. */
export const settings = HttpApiBuilder.group(Api, "settings", (handlers) =>
  handlers.handleAll({
    read: () =>
      asCaller((caller) => Effect.map(UseCases.readSettings(caller), (read) => withVersion(read, read.version))),
    change: ({ headers, payload }) =>
      asCaller((caller) => UseCases.changeSettings(caller, payload, expectedBy(headers))),
    history: ({ query }) => asCaller((caller) => UseCases.readSettingsHistory(caller, query))
  })
)

/** The handlers of `OperationsApi`. */
export const operations = HttpApiBuilder.group(Api, "operations", (handlers) =>
  handlers.handleAll({
    erase: ({ payload }) => asCaller((caller) => UseCases.erasePerson(caller, payload)),
    readErasure: ({ params }) => asCaller((caller) => UseCases.readErasure(caller, params)),
    givenUp: ({ query: { bridge, limit } }) =>
      asCaller((caller) => Effect.map(UseCases.readGivenUp(caller, limit, bridge), (items) => ({ items }))),
    replay: ({ params, query }) => asCaller((caller) => UseCases.replayGivenUp(caller, { ...params, ...query }))
  })
)
