/** Texts as scorers see them: tokenizers, stems, and characters as Python sorts them. */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics.text;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
