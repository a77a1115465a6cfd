import * as fc from "fast-check"

/**
 * One seed for every property, so that a run can be had again; `FC_SEED=n` looks elsewhere, `FC_SEED=random` anywhere.
 * A failing property prints its own seed and path.
 */
const { FC_SEED } = process.env

if (FC_SEED !== "random") fc.configureGlobal({ seed: Number(FC_SEED ?? 20261122) })
