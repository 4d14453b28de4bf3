package dev.llmmem.model.architecture;

/** The rules of one model type. */
@FunctionalInterface
interface Family {

    /** Reads the fields of a configuration; faults are left in it. */
    Decoder read(Config config);
}
