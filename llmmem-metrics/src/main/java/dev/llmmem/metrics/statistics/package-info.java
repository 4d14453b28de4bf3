/** Sums, intervals and tests of significance, with the random numbers of the references. */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics.statistics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
