package dev.llmmem.bench;

import java.io.PrintStream;
import java.util.List;

/** One thing the command line can do. */
interface Command {

    /**
     * The word that selects it.
     *
     * @return the name, lower case, without spaces
     */
    String name();

    /**
     * What it does.
     *
     * @return one line for the usage text
     */
    String summary();

    /**
     * Does it.
     *
     * @param args the arguments after the name
     * @param out where results go
     * @return the exit code: 0 for success, 2 for wrong arguments, other for what the command says
     */
    int run(List<String> args, PrintStream out);
}
