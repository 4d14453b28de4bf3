package dev.llmmem.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.units.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogReaderTest {

    private static final String RECORD = """
            {"id":"acme-one","vendor":"Acme","name":"Acme One","aliases":["One"],"category":"npu","status":"announced",\
            "architecture":"A1","memory":{"nominal":1024,"type":"HBM"},"devicesPerCard":1,\
            "sources":["https://acme.example/one"],"confidence":"recalled"}""";

    private static Catalog read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Catalog read(byte[] bytes) {
        return CatalogReader.read("test.json", new ByteArrayInputStream(bytes));
    }

    private static String catalog(String... records) {
        return """
                {"schemaVersion":1,"asOf":"2026-01-31",
                "sources":[{"name":"Acme","url":"https://acme.example","licence":"MIT","use":"all"}],
                "accelerators":[
                """ + String.join(",\n", records) + "\n]}\n";
    }

    private static String with(String field, String value) {
        return RECORD.substring(0, RECORD.length() - 1) + ",\"" + field + "\":" + value + "}";
    }

    private static String without(String field) {
        String changed = RECORD.replaceFirst("\"" + field + "\":(\"[^\"]*\"|\\[[^]]*]|\\{[^}]*}|[0-9]+),?", "");
        return changed.replace(",}", "}");
    }

    private static void assertMalformed(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessage(message);
    }

    @Test
    void readsARecord() {
        Catalog catalog = read(catalog(RECORD));
        Accelerator one = catalog.get("one");
        assertThat(one.name()).isEqualTo("Acme One");
        assertThat(one.status()).isEqualTo(Accelerator.Status.ANNOUNCED);
        assertThat(one.usableMemory()).isEqualTo(Bytes.of(960));
        assertThat(one.notes()).isEmpty();
        assertThat(one.computeCapability()).isEmpty();
        assertThat(one.memoryBandwidth()).isEmpty();
        assertThat(one.releaseDate()).isEmpty();
        assertThat(catalog.dataSources()).containsExactly(new DataSource("Acme", "https://acme.example", "MIT", "all"));
    }

    @Test
    void readsOptionalFields() {
        String full = RECORD.replace("\"type\"", "\"bandwidth\":1000000000000000,\"unified\":false,\"type\"")
                .replaceFirst(
                        "}$",
                        ",\"computeCapability\":\"9.0\",\"denseTflops\":{\"fp16\":10000000,\"bf16\":0.25},\"tdpWatts\":1,"
                                + "\"released\":\"2026-01-30\",\"notes\":[\"first\",\"second\"]}");
        Accelerator one = read(catalog(full)).get("one");
        assertThat(one.memoryBandwidth()).contains(Bytes.ofTB(1000));
        assertThat(one.unifiedMemory()).isFalse();
        assertThat(one.computeCapability()).contains("9.0");
        assertThat(one.denseTflops(ComputeFormat.FP16)).hasValue(10_000_000);
        assertThat(one.denseTflops(ComputeFormat.BF16)).hasValue(0.25);
        assertThat(one.tdpWatts()).hasValue(1);
        assertThat(one.releaseDate()).contains(LocalDate.of(2026, 1, 30));
        assertThat(one.notes()).containsExactly("first", "second");
    }

    @Test
    void acceptsWhatIsJustPermitted() {
        assertThat(usable("\"runtimeTotal\":1024").value()).isEqualTo(Bytes.of(1024));
        assertThat(usable("\"driverTotal\":9,\"driverReserved\":9").value()).isEqualTo(Bytes.ZERO);
        String longest = "x".repeat(100);
        assertThat(read(catalog(RECORD.replace("\"One\"", "\"" + longest + "\"")))
                        .find(longest))
                .isPresent();
    }

    @Test
    void refusesTextAfterTheDocument() {
        assertMalformed(catalog(RECORD) + "{}", "test.json, line 6, document: text after the document");
    }

    @Test
    void readsAnEmptyCatalog() {
        Catalog empty = read(catalog());
        assertThat(empty.all()).isEmpty();
        assertThatThrownBy(() -> empty.get("x"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("name = \"x\" is no known accelerator, nearest known names: ");
    }

    @Test
    void namesFileLineAndField() {
        assertMalformed(
                catalog(RECORD, RECORD.replace("1024", "0")),
                "test.json, line 5, accelerators.1.memory.nominal: 0, permitted [1, 1125899906842624] bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "vendor",
                "name",
                "category",
                "status",
                "architecture",
                "devicesPerCard",
                "sources",
                "confidence"
            })
    void demandsField(String field) {
        assertThatThrownBy(() -> read(catalog(without(field))))
                .isInstanceOf(CatalogFormatException.class)
                .message()
                .startsWith("test.json, line 4, accelerators.0: ")
                .endsWith(field + " is missing");
    }

    @Test
    void demandsMemory() {
        assertMalformed(
                catalog(without("memory")), "test.json, line 4, accelerators.0: acme-one: memory.nominal is missing");
        assertMalformed(
                catalog(RECORD.replace(",\"type\":\"HBM\"", "")),
                "test.json, line 4, accelerators.0: acme-one: memory.type is missing");
        assertMalformed(
                catalog(RECORD.replace("[\"https://acme.example/one\"]", "[]")),
                "test.json, line 4, accelerators.0: acme-one: sources is missing");
    }

    @Test
    void demandsTheHead() {
        assertMalformed("{\"asOf\":\"2026-01-31\"}", "test.json, line 1, document: schemaVersion is missing");
        assertMalformed("{\"schemaVersion\":1}", "test.json, line 1, document: asOf is missing");
        assertMalformed(
                "{\"schemaVersion\":2}", "test.json, line 1, schemaVersion: 2, permitted [1, 1] as the version");
        assertMalformed(
                catalog().replace("\"use\":\"all\"", "\"what\":\"all\""),
                "test.json, line 2, sources.0.what: not a known field");
        assertMalformed(catalog().replace(",\"use\":\"all\"", ""), "test.json, line 2, sources.0: use is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "color|\"red\"|color: not a known field",
                "notes|\"a note\"|notes: permitted an array here",
                "notes|[1]|notes.0: permitted a text here",
                "notes|[\"\"]|notes.0: permitted one line of text here, not blank and without space around it",
                "notes|[\" a\"]|notes.0: permitted one line of text here, not blank and without space around it",
                "notes|[\"a\\nb\"]|notes.0: permitted one line of text here, not blank and without space around it",
                "notes|null|notes: permitted an array here",
                "tdpWatts|\"300\"|tdpWatts: permitted a whole number here",
                "tdpWatts|300.5|tdpWatts: permitted a whole number here",
                "tdpWatts|-1|tdpWatts: -1, permitted [1, 100000] watts",
                "tdpWatts|99999999999999999999|tdpWatts: 99999999999999999999, permitted [1, 100000] watts",
                "released|\"2026-02-30\"|released: \"2026-02-30\", permitted a date such as 2026-01-31",
                "released|2026|released: permitted a text here",
                "denseTflops|{\"fp16\":0}|denseTflops.fp16: 0, permitted (0, 10000000] TFLOPS",
                "denseTflops|{\"fp16\":-2.5}|denseTflops.fp16: -2.5, permitted (0, 10000000] TFLOPS",
                "denseTflops|{\"fp16\":true}|denseTflops.fp16: permitted a number here",
                "denseTflops|{\"fp16\":1e30}|denseTflops.fp16: 1E+30, permitted (0, 10000000] TFLOPS",
                "denseTflops|{\"fp3\":1}|denseTflops.fp3: \"fp3\", permitted fp64, fp32, tf32, fp16, bf16, fp8, int8, fp4",
                "denseTflops|{\"fp16\":1e-400}|denseTflops.fp16: 1E-400, permitted only what a double can tell from 0",
                "denseTflops|[]|denseTflops: permitted an object here"
            })
    void refusesField(String field, String value, String problem) {
        assertMalformed(catalog(with(field, value)), "test.json, line 4, accelerators.0." + problem);
    }

    @Test
    void refusesWrongValuesOfRequiredFields() {
        assertMalformed(
                catalog(RECORD.replace("acme-one", "Acme One")),
                "test.json, line 4, accelerators.0.id: \"Acme One\", permitted lower-case letters, digits and single hyphens");
        assertMalformed(
                catalog(RECORD.replace("npu", "toaster")),
                "test.json, line 4, accelerators.0.category: \"toaster\", permitted datacenter, workstation, consumer, tpu, npu, "
                        + "apple-silicon");
        assertMalformed(
                catalog(RECORD.replace("https://acme.example/one", "http://acme.example/one")),
                "test.json, line 4, accelerators.0.sources.0: \"http://acme.example/one\", permitted an https address");
        assertMalformed(
                catalog(RECORD.replace("https://acme.example/one", "https://a b")),
                "test.json, line 4, accelerators.0.sources.0: \"https://a b\", permitted an https address");
        assertMalformed(
                catalog(RECORD.replace("\"type\"", "\"unified\":1,\"type\"")),
                "test.json, line 4, accelerators.0.memory.unified: permitted true or false here");
        assertMalformed(
                catalog(RECORD.replace("\"type\"", "\"size\":1,\"type\"")),
                "test.json, line 4, accelerators.0.memory.size: not a known field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"runtimeTotal\":1025|usable memory = 1.00 KiB (1025 B), permitted at most memory.nominal = 1.00 KiB (1024 B)",
                "\"runtimeTotal\":9,\"driverTotal\":9|memory has 2 of runtimeTotal, driverTotal and unifiedShare, permitted at most one",
                "\"driverReserved\":9|memory.driverTotal is missing",
                "\"driverTotal\":9,\"driverReserved\":10|memory.driverReserved = 10 B, permitted at most memory.driverTotal = 9 B",
                "\"unifiedShare\":9|memory.unifiedShare is there, permitted only if memory.unified = true"
            })
    void refusesContradictoryMemory(String fields, String problem) {
        assertMalformed(
                catalog(RECORD.replace("\"type\"", fields + ",\"type\"")),
                "test.json, line 4, accelerators.0: acme-one: " + problem);
    }

    @Test
    void readsEveryOriginOfUsableMemory() {
        assertThat(usable("\"runtimeTotal\":1000")).isEqualTo(UsableMemory.ofRuntimeTotal(Bytes.of(1000)));
        assertThat(usable("\"driverTotal\":2000,\"driverReserved\":1000"))
                .isEqualTo(UsableMemory.ofRuntimeTotal(Bytes.of(1000)));
        assertThat(usable("\"driverTotal\":1000"))
                .isEqualTo(new UsableMemory(Bytes.of(937), UsableMemoryBasis.DRIVER_TOTAL_WITH_MARGIN));
        assertThat(usable("\"unified\":true,\"unifiedShare\":768"))
                .isEqualTo(new UsableMemory(Bytes.of(768), UsableMemoryBasis.UNIFIED_SHARE));
        assertThat(usable("\"inBandEcc\":true"))
                .isEqualTo(new UsableMemory(Bytes.of(900), UsableMemoryBasis.NOMINAL_WITH_MARGIN));
    }

    private static UsableMemory usable(String fields) {
        Accelerator one =
                read(catalog(RECORD.replace("\"type\"", fields + ",\"type\""))).get("one");
        return new UsableMemory(one.usableMemory(), one.basis());
    }

    @Test
    void neverTakesMoreMarginThanThereIs() {
        assertThat(UsableMemory.ofNominal(Bytes.ofMiB(100), false, Accelerator.Category.CONSUMER)
                        .value())
                .isEqualTo(Bytes.ZERO);
    }

    @Test
    void refusesANameThatTwoClaim() {
        String two = RECORD.replace("acme-one", "acme-two").replace("Acme One", "Acme Two");
        assertMalformed(
                catalog(RECORD, two),
                "test.json, line 5, accelerators.1: acme-two: name \"One\" is already that of acme-one, permitted only as a "
                        + "shared name of both");
        // Another spelling of the same name.
        assertMalformed(
                catalog(RECORD, two.replace("\"One\"", "\"ACME-ONE\"")),
                "test.json, line 5, accelerators.1: acme-two: name \"ACME-ONE\" is already that of acme-one, permitted only as "
                        + "a shared name of both");
        assertMalformed(
                catalog(RECORD, RECORD),
                "test.json, line 5, accelerators.1: acme-one: name \"acme-one\" is already that of acme-one, permitted only as "
                        + "a shared name of both");
    }

    @Test
    void readsSharedNames() {
        String one = with("sharedNames", "[\"Acme\",\"ACME\"]");
        String two = one.replace("acme-one", "acme-two")
                .replace("Acme One", "Acme Two")
                .replace("\"One\"", "\"Two\"");
        Catalog catalog = read(catalog(one, two));
        assertThat(catalog.variants("acme")).extracting(Accelerator::id).containsExactly("acme-one", "acme-two");
        assertMalformed(
                catalog(one), "test.json, line 5, document: shared name \"Acme\" is shared by acme-one with nobody");
        assertMalformed(
                catalog(one, two.replace("\"Two\"", "\"acme\"")),
                "test.json, line 6, document: shared name \"Acme\" is also that of acme-two alone");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "\"text\"",
                "{",
                "{\"schemaVersion\":1",
                "{\"schemaVersion\":1,}",
                "{'schemaVersion':1}",
                "{\"schemaVersion\":NaN}",
                "{\"schemaVersion\":01}",
                "{\"schemaVersion\":1} {}",
                "{\"schemaVersion\":1}x",
                "// comment\n{}",
                "{\"schemaVersion\":1,\"schemaVersion\":1}",
                "{\"asOf\":\"2026-01-31",
                "{\"\\ud800\":1}",
                "\u0000"
            })
    void refusesDocument(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CatalogFormatException.class)
                .message()
                .startsWith("test.json, line ");
    }

    @Test
    void refusesDuplicateKeysAtAnyDepth() {
        assertThatThrownBy(() -> read(catalog(RECORD.replace("\"type\"", "\"nominal\":2,\"type\""))))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageStartingWith(
                        "test.json, line 4, accelerators.0.memory: not the JSON that is permitted here: ");
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] latin = catalog(RECORD.replace("Acme One", "Acm\u00e9")).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(latin)).hasMessage("test.json, line 1, document: not UTF-8");
        byte[] wide = catalog(RECORD).getBytes(StandardCharsets.UTF_16);
        assertThatThrownBy(() -> read(wide)).hasMessage("test.json, line 1, document: not UTF-8");
    }

    @Test
    void isBounded() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                Arrays.fill(buffer, offset, offset + length, (byte) ' ');
                return length;
            }
        };
        assertThatThrownBy(() -> CatalogReader.read("test.json", endless))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessage("test.json, line 1, document: more than 4194304 bytes, permitted at most that");
        assertThatThrownBy(() -> read("[".repeat(1_000_000))).isInstanceOf(CatalogFormatException.class);
        assertThatThrownBy(() -> read("{\"a\":".repeat(500_000))).isInstanceOf(CatalogFormatException.class);
        assertThatThrownBy(() -> read(catalog(with("notes", "[" + "[".repeat(1_000)))))
                .isInstanceOf(CatalogFormatException.class);
        assertThatThrownBy(() -> read(catalog(with("notes", "[\"" + "x".repeat(1_001) + "\"]"))))
                .isInstanceOf(CatalogFormatException.class);
        assertThatThrownBy(() -> read(catalog(with("tdpWatts", "1".repeat(1_000)))))
                .isInstanceOf(CatalogFormatException.class);
        assertThatThrownBy(() -> read(catalog(with("denseTflops", "{\"fp16\":1e999999999}"))))
                .isInstanceOf(CatalogFormatException.class);
        assertThatThrownBy(() -> read(catalog(with("denseTflops", "{\"fp16\":1e-999999999}"))))
                .isInstanceOf(CatalogFormatException.class);
        assertMalformed(
                catalog(with("notes", "[" + "\"x\",".repeat(50) + "\"x\"]")),
                "test.json, line 4, accelerators.0.notes: more than 50 items, permitted at most that");
        assertThatThrownBy(() -> read(catalog(RECORD.replace("\"One\"", "\"" + "x".repeat(101) + "\""))))
                .hasMessageContaining("has 101 characters, permitted at most 100");
    }

    @Test
    void passesOnReadErrors() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> CatalogReader.read("test.json", broken))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot read test.json");
    }
}
