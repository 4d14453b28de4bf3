/**
 * Readers of the files that users already have.
 *
 * <p>Every reader is safe on hostile input: it takes bounded time and memory, and refuses what it cannot read with a
 * {@link dev.llmmem.formats.MalformedInputException} that says what is wrong and what is permitted.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.formats;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
