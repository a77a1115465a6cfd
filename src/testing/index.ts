/**
 * For tests of what is built on Leadline: the laws of its ports and a check of an implementation against them, arbitraries
 * (fast-check), command sequences, given/when/then for deciders.
 *
 * @module
 */
export * as ChatCommands from "./ChatCommands.ts"
export * as DeciderSpecification from "./DeciderSpecification.ts"
export * as HostileText from "./HostileText.ts"
export * as Check from "./laws/Check.ts"
export * as CrmKit from "./laws/CrmKit.ts"
export * as DeliveryLaws from "./laws/DeliveryLaws.ts"
export * as Law from "./laws/Law.ts"
export * as Laws from "./laws/Laws.ts"
export * as Report from "./laws/Report.ts"
