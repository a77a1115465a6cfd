/**
 * JSON as it travels: versioned codecs, no behaviour.
 *
 * @module
 */
export * as EventCodec from "./EventCodec.ts"
export * as RecordCodec from "./RecordCodec.ts"
export * as Upcast from "./Upcast.ts"
