import { Result, Schema, SchemaIssue } from "effect"
import { Id } from "leadline"

/** `2026-03-02T08:00:00Z` as epoch milliseconds. */
const Time = Schema.String.check(
  Schema.makeFilter((text) => !Number.isNaN(Date.parse(text)) || "an ISO 8601 date and time")
)

const isAgentId = Schema.is(Id.AgentId)

/** `visitor`, `agent:ID`, or something else that the replay passes over. */
const Nick = Schema.String.check(
  Schema.makeFilter((nick) => !nick.startsWith("agent:") || isAgentId(nick.slice("agent:".length)) || "agent:ID")
)

const HistoryItem = Schema.Struct({
  type: Schema.String,
  timestamp: Time,
  nick: Schema.optionalKey(Nick),
  msg: Schema.optionalKey(Schema.String),
  new_rating: Schema.optionalKey(Schema.NullOr(Schema.String))
})
export type HistoryItem = typeof HistoryItem.Type

const maybeText = Schema.optionalKey(Schema.NullOr(Schema.String))

/** One line of Zendesk Chat's incremental export, as far as the replay reads it. */
export const ExportedChat = Schema.Struct({
  id: Id.ChatId,
  type: Schema.Literals(["chat", "offline_msg"]),
  timestamp: Time,
  end_timestamp: Time,
  missed: Schema.Boolean,
  agent_ids: Schema.Array(Id.AgentId),
  visitor: Schema.Struct({ id: Id.VisitorId, name: maybeText, email: maybeText, phone: maybeText }),
  history: Schema.Array(HistoryItem),
  comment: maybeText,
  tags: Schema.Array(Schema.String)
})
export type ExportedChat = typeof ExportedChat.Type

/** A line that is no chat: where, which field, and what was expected. */
export interface BadLine {
  readonly line: number
  readonly field: string
  readonly problem: string
}

const decode = Schema.decodeUnknownResult(ExportedChat, { errors: "all" })
const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Reads one line; blank lines are nothing. */
export const parseLine = (text: string, line: number): Result.Result<ExportedChat, BadLine> | null => {
  if (text.trim() === "") return null
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return Result.fail({ line, field: "(line)", problem: error instanceof Error ? error.message : String(error) })
  }
  return Result.mapError(decode(json), (error): BadLine => {
    const issues = format(error.issue).issues
    const path = (at: (typeof issues)[number]) => (at.path ?? []).map(String).join(".") || "(line)"
    return { line, field: issues.map(path).join(", "), problem: issues.map((at) => at.message).join("; ") }
  })
}
