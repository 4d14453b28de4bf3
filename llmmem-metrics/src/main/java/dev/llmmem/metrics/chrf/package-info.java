/** chrF and chrF++, scores of n-grams of characters and words, as sacreBLEU computes them. */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics.chrf;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
