/**
 * What scores of generated texts have in common.
 *
 * <p>A {@link dev.llmmem.metrics.Metric} is an immutable scorer; {@link dev.llmmem.metrics.Metric#corpus()} starts an
 * {@link dev.llmmem.metrics.Accumulator}, which takes example after example, merges with others and gives the score of the whole.
 * The metrics themselves are in packages of their own.
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
