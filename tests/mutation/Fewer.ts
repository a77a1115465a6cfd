import * as fc from "fast-check"

/**
 * The suite's own seed, and fewer runs of each property: a mutant is a bug to be found within seconds, and what more runs
 * would find the score leaves out.
 */
fc.configureGlobal({ seed: 20261122, numRuns: 30 })
