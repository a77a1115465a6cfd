/**
 * For tests of what is built on Leadline: the laws of its ports and a check of an implementation against them, arbitraries
 * (fast-check), command sequences, given/when/then for deciders, fault doubles around any adapter.
 *
 * The arbitraries of a feature are a namespace, `ChatArbitrary` for chats; that of a type `ChatState` is its `chatState`.
 * What takes options is a function, `ChatArbitrary.log({ maxLength: 5 })`; `WorldArbitrary.world()` is a whole account.
 *
 * The simulator is `leadline/testing/simulator`; the laws as tests are `leadline/testing/vitest`.
 *
 * @module
 */
export * as AccountArbitrary from "./arbitrary/Account.ts"
export * as AgentArbitrary from "./arbitrary/Agent.ts"
export * as AssignmentArbitrary from "./arbitrary/Assignment.ts"
export * as ChatArbitrary from "./arbitrary/Chat.ts"
export * as FeedArbitrary from "./arbitrary/Feed.ts"
export * as IdentityArbitrary from "./arbitrary/Identity.ts"
export * as PanelArbitrary from "./arbitrary/Panel.ts"
export * as RecordArbitrary from "./arbitrary/Record.ts"
export * as RequestArbitrary from "./arbitrary/Request.ts"
export * as RoutingArbitrary from "./arbitrary/Routing.ts"
export * as SchemaArbitrary from "./arbitrary/Schema.ts"
export * as SettingsArbitrary from "./arbitrary/Settings.ts"
export * as WorldArbitrary from "./arbitrary/World.ts"
export * as ChatCommands from "./ChatCommands.ts"
export * as DeciderSpecification from "./DeciderSpecification.ts"
export * as Around from "./faults/Around.ts"
export * as Doubles from "./faults/Doubles.ts"
export * as GeneratorLaws from "./GeneratorLaws.ts"
export * as HostileText from "./HostileText.ts"
export * as Check from "./laws/Check.ts"
export * as CrmKit from "./laws/CrmKit.ts"
export * as DeliveryLaws from "./laws/DeliveryLaws.ts"
export * as Law from "./laws/Law.ts"
export * as Laws from "./laws/Laws.ts"
export * as Report from "./laws/Report.ts"
