/**
 * Benchmarks. Not an API.
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.bench.jmh;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
