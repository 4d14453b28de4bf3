/**
 * BLEU, twice, because users compare with both: {@link dev.llmmem.metrics.bleu.SacreBleu} gives the numbers of sacreBLEU, {@link
 * dev.llmmem.metrics.bleu.NltkBleu} those of NLTK. They differ in tokens, in smoothing and in what short texts count.
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics.bleu;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
