package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void linesUpItsColumns() {
        Table table = new Table(2);
        table.row("name", "unit", "number", "share");
        table.row("a", "GiB", "1", "100.0 %");
        table.row("longer");
        table.row("b", "", "12345678", "1 %");
        assertThat(table).hasToString("""
                name    unit    number    share
                a       GiB          1  100.0 %
                longer
                b             12345678      1 %
                """);
    }

    @Test
    void isEmptyWithoutRows() {
        assertThat(new Table(1)).hasToString("");
    }
}
