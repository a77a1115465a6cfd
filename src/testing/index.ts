/**
 * For tests of what is built on Leadline: arbitraries (fast-check), command sequences, given/when/then for deciders, fault
 * doubles around any adapter. The simulator is `leadline/testing/simulator`.
 *
 * @module
 */
export * as ChatCommands from "./ChatCommands.ts"
export * as DeciderSpecification from "./DeciderSpecification.ts"
export * as Around from "./faults/Around.ts"
export * as Doubles from "./faults/Doubles.ts"
export * as HostileText from "./HostileText.ts"
