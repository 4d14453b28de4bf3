package dev.llmmem.hardware;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Malformed catalog data. The message names the file, the line and the field. */
final class CatalogFormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    CatalogFormatException(String file, int line, String field, String problem, @Nullable Throwable cause) {
        super(String.format(Locale.ROOT, "%s, line %d, %s: %s", file, line, field, problem), cause);
    }
}
