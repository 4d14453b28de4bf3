package dev.llmmem.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;

/** A JShell session in this process, with llmmem imported as the start-up file says. */
final class Repl implements AutoCloseable {

    private static final String START_UP = "llmmem-bench/src/main/jshell/llmmem.jsh";

    private final JShell shell = JShell.builder().executionEngine("local").build();

    Repl() throws IOException {
        shell.addToClasspath(System.getProperty("java.class.path"));
        String printed = run(Files.readString(Readme.root().resolve(START_UP)));
        if (!printed.isEmpty()) {
            throw new IllegalStateException("the start-up file prints " + printed);
        }
    }

    /** Runs snippets and returns what they print; values of variables are not shown. */
    String run(String source) {
        return run(source, false);
    }

    /** Runs snippets and returns what JShell would show: what they print, and the values of variables. */
    String echo(String source) {
        return run(source, true);
    }

    private String run(String source, boolean echo) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            String rest = source;
            while (!rest.isBlank()) {
                SourceCodeAnalysis.CompletionInfo next =
                        shell.sourceCodeAnalysis().analyzeCompletion(rest);
                rest = next.remaining();
                for (SnippetEvent event : shell.eval(next.source())) {
                    check(event);
                    if (echo && event.snippet() instanceof VarSnippet variable) {
                        System.out.print(variable.name() + " ==> " + event.value() + "\n");
                    }
                }
            }
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private void check(SnippetEvent event) {
        if (event.exception() != null) {
            throw new AssertionError(event.snippet().source(), event.exception());
        }
        if (event.status() != Snippet.Status.VALID) {
            StringBuilder reasons = new StringBuilder(event.snippet().source());
            shell.diagnostics(event.snippet())
                    .forEach(reason -> reasons.append('\n').append(reason.getMessage(java.util.Locale.ROOT)));
            throw new AssertionError(reasons.toString());
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
