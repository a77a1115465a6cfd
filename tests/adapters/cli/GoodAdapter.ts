import * as Memory from "leadline/memory"

/** As somebody's adapter file would: a layer under each port's name. */
export const signals = Memory.layer()
export const settingsStore = Memory.layer()
