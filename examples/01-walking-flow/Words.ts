import type { Effect } from "effect"
import { type ActivityEntry, Content, type FieldValue, Instant, type Notice } from "leadline"
import type { openTranscript, readConsole, readPanel } from "leadline/use-cases"

type Answer<UseCase extends (...args: never) => Effect.Effect<unknown, unknown, unknown>> = Effect.Success<
  ReturnType<UseCase>
>

const time = (instant: Instant.Instant): string => Instant.format(instant).slice(0, 16).replace("T", " ")

/** The icon in the CRM, and what the console holds. */
export const describeConsole = ({ icon, ringing, serving }: Answer<typeof readConsole>): string => {
  if (icon._tag === "Hidden") return "no chat icon"
  const bell = icon.blinking ? `RINGS (${ringing.length} waiting)` : "quiet"
  return `${icon.status}, ${bell}, serves ${serving.length}`
}

/** The panel, and the record's fields as the layout says. */
export const describePanel = ({ panel, shown }: Answer<typeof readPanel>): ReadonlyArray<string> => {
  const actions = panel.actions.length === 0 ? "nothing to do" : panel.actions.join(", ")
  const title = panel._tag === "Record" ? `${panel.record.kind} ${panel.record.id}` : panel._tag
  const fields = (shown?.fields ?? []).map(({ label, value }) => `  ${label.padEnd(12)} ${valueText(value)}`)
  return [`panel: ${title} (${actions})`, ...fields]
}

const valueText = (value: FieldValue.FieldValue): string => {
  if (value._tag === "Empty") return "–"
  const [text] = Object.entries(value).flatMap(([key, part]) => (key === "_tag" ? [] : [part]))
  return typeof text === "string" ? text : JSON.stringify(text)
}

/** A text, or that it was erased. */
const readable = (text: Content.Readable): string => (Content.isText(text) ? text : "(erased)")

/** One line of an activity feed. */
export const describeEntry = (entry: ActivityEntry.ActivityEntry): string => {
  if (entry._tag === "Chat") {
    const rating = entry.rating === null ? "" : `, rated ${entry.rating}`
    return `${time(entry.at)} chat with ${entry.agentNames.join(", ")}${rating}: "${readable(entry.beginning ?? "")}"`
  }
  const { activity } = entry
  const by = entry.byName ?? "Leadline"
  switch (activity._tag) {
    case "AddedFromChat":
      return `${time(entry.at)} added from chat by ${by}`
    case "PhoneChanged":
      return `${time(entry.at)} phone changed by ${by}: ${readable(activity.from ?? "none")} to ${readable(activity.to)}`
    default:
      return `${time(entry.at)} ${activity._tag.toLowerCase()} by ${by}: "${readable(activity.text)}"`
  }
}

export const describeNotice = (notice: Notice.Notice): string =>
  `is told: ${notice.reason} about ${notice.about.kind} ${notice.about.id}`

/** A transcript as the feed opens it. */
export const describeTranscript = (opened: Answer<typeof openTranscript>): ReadonlyArray<string> => [
  `transcript ${time(opened.startedAt)} to ${opened.endedAt === null ? "now" : time(opened.endedAt)}, ${opened.chatUrl}`,
  ...opened.lines.map(
    ({ from, text }) =>
      `  ${from._tag === "Agent" ? from.name : readable(opened.visitorName ?? "visitor")}: ${readable(text)}`
  )
]
