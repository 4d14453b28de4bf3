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
     * How it is called.
     *
     * @return the arguments and what they mean, several lines, each ended by a line feed
     */
    String usage();

    /**
     * Does it.
     *
     * @param args the arguments after the name
     * @param out where results go
     * @return the exit code: 0 for success, other for what the command says
     * @throws CommandException if the arguments, or the files that they name, are not what they should be
     */
    int run(List<String> args, PrintStream out);
}
