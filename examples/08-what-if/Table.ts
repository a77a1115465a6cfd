import type { RoutingReport } from "leadline"

/** A report and what it is about. */
export interface Column {
  readonly title: string
  readonly report: RoutingReport.RoutingReport
}

const seconds = (millis: number): string => `${(millis / 1_000).toFixed(1)} s`
const minutes = (millis: number): string => `${Math.round(millis / 60_000)} min`

/** What stands in each line of the table. */
const lines: ReadonlyArray<readonly [string, (report: RoutingReport.RoutingReport) => string]> = [
  ["chats asked for", ({ chats }) => String(chats.asked)],
  ["served", ({ chats }) => String(chats.served)],
  ["missed", ({ chats }) => String(chats.missed)],
  ["wait, median", ({ waits }) => seconds(waits.median)],
  ["wait, 90 %", ({ waits }) => seconds(waits.p90)],
  ["wait, longest", ({ waits }) => seconds(waits.longest)],
  ["wait, mean", ({ waits }) => seconds(waits.mean)],
  ["longest queue", ({ longestQueue }) => String(longestQueue)],
  ["offers made", ({ offers }) => String(offers.made)],
  ["offers missed", ({ offers }) => String(offers.missed)],
  ["fairness, chats", ({ fairness }) => fairness.chats.toFixed(3)],
  ["fairness, time", ({ fairness }) => fairness.busy.toFixed(3)],
  ["most less fewest", ({ fairness }) => String(fairness.spread)]
]

/** The reports side by side, and below them what each agent did: chats, and how long they were busy. */
export const table = (columns: ReadonlyArray<Column>): string => {
  const agents = [...new Set(columns.flatMap(({ report }) => report.agents.map(({ agentId }) => agentId)))].sort()
  const rows = [
    ["", ...columns.map(({ title }) => title)],
    ...lines.map(([name, cell]) => [name, ...columns.map(({ report }) => cell(report))]),
    ...agents.map((id) => [
      `agent ${id}`,
      ...columns.map(({ report }) => {
        const load = report.agents.find(({ agentId }) => agentId === id)
        return load === undefined ? "-" : `${load.chats}, ${minutes(load.busyMillis)}`
      })
    ])
  ]
  return rows
    .map(([name = "", ...cells]) => [name.padEnd(18), ...cells.map((cell) => cell.padStart(15))].join("").trimEnd())
    .join("\n")
}
