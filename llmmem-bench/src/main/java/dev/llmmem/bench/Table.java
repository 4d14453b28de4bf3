package dev.llmmem.bench;

import java.util.ArrayList;
import java.util.List;

/** Text in columns that line up: those named at the left begin together, all others end together. */
final class Table {

    private static final String GAP = "  ";

    private final int columnsAtTheLeft;
    private final List<List<String>> rows = new ArrayList<>();

    Table(int columnsAtTheLeft) {
        this.columnsAtTheLeft = columnsAtTheLeft;
    }

    /** Adds a row; missing cells at its end are empty. */
    void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    void row(String... cells) {
        row(List.of(cells));
    }

    /** The lines, each ended by a line feed, none by a space. */
    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = row.get(i).length();
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                String padding = " ".repeat(widths.get(i) - cell.length());
                line.append(i == 0 ? "" : GAP).append(i < columnsAtTheLeft ? cell + padding : padding + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
