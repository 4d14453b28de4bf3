/**
 * ROUGE with the numbers of rouge_score 0.1.2.
 *
 * <p>{@link dev.llmmem.metrics.rouge.Rouge} scores; {@link dev.llmmem.metrics.rouge.RougeBootstrap} gives intervals of many scores.
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics.rouge;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
