/**
 * Readers of the files that training tools are run with, and what of them bears on memory.
 *
 * <p>Every reader is safe on hostile input, as those of {@code dev.llmmem.formats}.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.formats.recipe;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
