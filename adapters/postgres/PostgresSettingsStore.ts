import { Effect, Layer } from "effect"
import { type SettingsPayload, type SettingsRecords, SettingsStore, type SettingsStoreShape } from "leadline/ports"
import { EventCodec, RecordCodec } from "leadline/wire"
import { type Database, PostgresDatabase } from "./Database.ts"
import * as PostgresRecordStore from "./PostgresRecordStore.ts"
import { codecs, unlisted, type World } from "./World.ts"

/** The world of settings and layouts. */
export const world: World<SettingsRecords, SettingsPayload> = {
  ...unlisted,
  log: "settings",
  records: codecs<SettingsRecords>(RecordCodec.settings),
  events: EventCodec.settingsEvents
}

export const make = (database: Database): SettingsStoreShape => PostgresRecordStore.make(database, world)

export const layer: Layer.Layer<SettingsStore, never, PostgresDatabase> = Layer.effect(
  SettingsStore,
  Effect.map(PostgresDatabase, (database) => SettingsStore.of(make(database)))
)
