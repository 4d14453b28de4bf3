/**
 * What is run: a model, its number formats, a strategy, and the loop around it.
 *
 * <p>Start with {@link dev.llmmem.workload.Workload#builder()}. All types are immutable and thread-safe.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.workload;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
