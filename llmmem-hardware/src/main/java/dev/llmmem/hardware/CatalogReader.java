package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;
import java.io.InputStream;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the catalog. Sizes are bytes, bandwidths bytes per second, peaks 10<sup>12</sup> operations per second, all of one device.
 */
final class CatalogReader {

    private static final int SCHEMA_VERSION = 1;
    private static final int MAX_ACCELERATORS = 10_000;
    private static final int MAX_LIST = 50;
    private static final long MAX_MEMORY = 1L << 50;
    private static final long MAX_BANDWIDTH = 1_000_000_000_000_000L;
    private static final double MAX_TFLOPS = 10_000_000;

    private final StrictJson json;
    private final Names.Builder names = new Names.Builder();

    private @Nullable Integer schemaVersion;
    private @Nullable LocalDate asOf;
    private List<DataSource> dataSources = List.of();
    private List<Accelerator> accelerators = List.of();

    private CatalogReader(StrictJson json) {
        this.json = json;
    }

    /**
     * Reads a whole catalog.
     *
     * @param file what to call it in messages
     * @param in its bytes, at most {@link StrictJson#MAX_BYTES}
     * @return the catalog
     * @throws CatalogFormatException if it is not a catalog
     */
    static Catalog read(String file, InputStream in) {
        try (StrictJson json = StrictJson.open(file, in)) {
            return new CatalogReader(json).catalog();
        }
    }

    private Catalog catalog() {
        json.object(this::documentField);
        json.end();
        try {
            if (schemaVersion == null) {
                throw new IllegalArgumentException("schemaVersion is missing");
            }
            return new Catalog(
                    AcceleratorDraft.required(asOf, "asOf"), List.copyOf(dataSources), accelerators, names.build());
        } catch (IllegalArgumentException e) {
            throw json.malformed(String.valueOf(e.getMessage()), e);
        }
    }

    private void documentField(String field) {
        switch (field) {
            case "schemaVersion" -> schemaVersion = (int) json.whole(SCHEMA_VERSION, SCHEMA_VERSION, "as the version");
            case "asOf" -> asOf = date();
            case "sources" -> dataSources = json.array(MAX_LIST, this::dataSource);
            case "accelerators" -> accelerators = json.array(MAX_ACCELERATORS, this::accelerator);
            default -> throw json.unknownField();
        }
    }

    private DataSource dataSource() {
        String[] parts = new String[4];
        List<String> fields = List.of("name", "url", "licence", "use");
        json.object(field -> {
            int index = fields.indexOf(field);
            if (index < 0) {
                throw json.unknownField();
            }
            parts[index] = field.equals("url") ? url() : json.line();
        });
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == null) {
                throw json.malformed(fields.get(i) + " is missing");
            }
        }
        return new DataSource(parts[0], parts[1], parts[2], parts[3]);
    }

    private Accelerator accelerator() {
        AcceleratorDraft draft = new AcceleratorDraft();
        json.object(field -> acceleratorField(draft, field));
        try {
            Accelerator accelerator = draft.build();
            names.add(accelerator);
            return accelerator;
        } catch (IllegalArgumentException e) {
            String id = draft.id == null ? "" : draft.id + ": ";
            throw json.malformed(id + e.getMessage(), e);
        }
    }

    private void acceleratorField(AcceleratorDraft draft, String field) {
        switch (field) {
            case "id" -> draft.id = id();
            case "vendor" -> draft.vendor = json.line();
            case "name" -> draft.name = json.line();
            case "aliases" -> draft.aliases = json.lines(MAX_LIST);
            case "sharedNames" -> draft.sharedNames = json.lines(MAX_LIST);
            case "category" -> draft.category = json.constant(Accelerator.Category.class);
            case "status" -> draft.status = json.constant(Accelerator.Status.class);
            case "architecture" -> draft.architecture = json.line();
            case "computeCapability" -> draft.computeCapability = json.line();
            case "memory" -> json.object(part -> memoryField(draft, part));
            case "denseTflops" ->
                json.object(format -> draft.denseTflops.put(
                        json.constant(ComputeFormat.class, format), json.positive(MAX_TFLOPS, "TFLOPS")));
            case "devicesPerCard" -> draft.devicesPerCard = (int) json.whole(1, 64, "devices");
            case "tdpWatts" -> draft.tdpWatts = (int) json.whole(1, 100_000, "watts");
            case "released" -> draft.releaseDate = date();
            case "sources" -> draft.sources = json.array(MAX_LIST, this::url);
            case "confidence" -> draft.confidence = json.constant(Confidence.class);
            case "notes" -> draft.notes = json.lines(MAX_LIST);
            default -> throw json.unknownField();
        }
    }

    private void memoryField(AcceleratorDraft draft, String field) {
        switch (field) {
            case "nominal" -> draft.nominalMemory = memory();
            case "type" -> draft.memoryType = json.line();
            case "bandwidth" -> draft.memoryBandwidth = Bytes.of(json.whole(1, MAX_BANDWIDTH, "bytes per second"));
            case "unified" -> draft.unifiedMemory = json.flag();
            case "inBandEcc" -> draft.inBandEcc = json.flag();
            case "runtimeTotal" -> draft.runtimeTotal = memory();
            case "driverTotal" -> draft.driverTotal = memory();
            case "driverReserved" -> draft.driverReserved = memory();
            case "unifiedShare" -> draft.unifiedShare = memory();
            default -> throw json.unknownField();
        }
    }

    private Bytes memory() {
        return Bytes.of(json.whole(1, MAX_MEMORY, "bytes"));
    }

    private String id() {
        String id = json.line();
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw json.malformed("\"" + id + "\", permitted lower-case letters, digits and single hyphens");
        }
        return id;
    }

    private String url() {
        String url = json.line();
        try {
            URI uri = URI.create(url);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw json.malformed("\"" + url + "\", permitted an https address", e);
        }
        throw json.malformed("\"" + url + "\", permitted an https address");
    }

    private LocalDate date() {
        String text = json.line();
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw json.malformed(String.format(Locale.ROOT, "\"%s\", permitted a date such as 2026-01-31", text), e);
        }
    }
}
