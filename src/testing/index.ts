/**
 * For tests of what is built on Leadline: arbitraries (fast-check), command sequences, given/when/then for deciders.
 *
 * @module
 */
export * as ChatCommands from "./ChatCommands.ts"
export * as DeciderSpecification from "./DeciderSpecification.ts"
export * as HostileText from "./HostileText.ts"
