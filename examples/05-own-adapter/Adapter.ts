/** What `npx leadline laws ./Adapter.ts` looks for: a layer under each port's name. */
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { layerDesk, layerSettings } from "./JsonDeskStore.ts"
import { rolodex } from "./RolodexCrm.ts"

/** A folder that nobody used before. */
export const newFolder = (name: string): string => mkdtempSync(join(tmpdir(), `leadline-${name}-`))

export const deskStore = layerDesk(newFolder("desk"))
export const settingsStore = layerSettings(newFolder("settings"))
export const crmMarks = rolodex
