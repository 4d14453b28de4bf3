package dev.llmmem.hardware;

import java.util.Objects;

/**
 * Where figures of the catalog come from, and under which licence.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name who published it, with the copyright notice where the licence asks for one
 * @param url where it is
 * @param licence the SPDX identifier of its licence, or in words on which terms its facts are cited
 * @param use what was taken from it
 */
public record DataSource(String name, String url, String licence, String use) {

    /**
     * A source.
     *
     * @param name who published it
     * @param url where it is
     * @param licence its licence
     * @param use what was taken from it
     */
    public DataSource {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(licence, "licence");
        Objects.requireNonNull(use, "use");
    }

    /**
     * The source in one line: name, address, licence and use.
     *
     * @return the text, one line
     */
    @Override
    public String toString() {
        return name + " (" + url + ", " + licence + "): " + use;
    }
}
