package dev.parley.benchmarks.load;

/** Something that is measured on several servers. */
interface Scenario {

    /** @param model a scripted model's server, for whoever needs one */
    Report measure(Options options, ServerProcess model);
}
