import type { Panel, RecordRef } from "leadline"

/** What came out, with the keys of `expected.json`. */
export interface Report {
  chats: number
  served: number
  missed: number
  offlineMessages: number
  messages: number
  panels: Record<string, number>
  leadsCreated: number
  leadsByOwner: Record<string, number>
  notesByOwner: Record<string, number>
  noteNotificationsByOwner: Record<string, number>
  phoneEdits: number
  chatEntriesInFeeds: Record<RecordRef.RecordKind, number>
}

export const empty = (): Report => ({
  chats: 0,
  served: 0,
  missed: 0,
  offlineMessages: 0,
  messages: 0,
  panels: {},
  leadsCreated: 0,
  leadsByOwner: {},
  notesByOwner: {},
  noteNotificationsByOwner: {},
  phoneEdits: 0,
  chatEntriesInFeeds: { lead: 0, person: 0, company: 0, deal: 0 }
})

/** Adds one to a count. */
export const count = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1
}

/** `Record:lead`, `CanCreateLead` …: what an agent saw, by the kind of the primary record. */
export const panelKey = (panel: Panel.Panel): string =>
  panel._tag === "Record" ? `Record:${panel.record.kind}` : panel._tag

/** The report as people read it. */
export const render = (report: Report): string => {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([key, value]) => `${key} ${value}`)
      .join(", ") || "none"
  return [
    `chats              ${report.chats} (${report.served} served, ${report.missed} missed, ${report.offlineMessages} offline messages)`,
    `messages           ${report.messages} in served chats`,
    `panels             ${list(report.panels)}`,
    `leads created      ${report.leadsCreated} (by owner: ${list(report.leadsByOwner)})`,
    `notes by owner     ${list(report.notesByOwner)}`,
    `notified of notes  ${list(report.noteNotificationsByOwner)}`,
    `phone edits        ${report.phoneEdits}`,
    `chats in feeds     ${list(report.chatEntriesInFeeds)}`
  ].join("\n")
}
