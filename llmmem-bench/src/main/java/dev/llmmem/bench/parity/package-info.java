/** Scores of the library held against recorded results of the reference tools, file by file. */
@CheckReturnValue
@NullMarked
package dev.llmmem.bench.parity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
