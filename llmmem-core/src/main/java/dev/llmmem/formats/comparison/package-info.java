/**
 * What a checkpoint holds against what its configuration says.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.formats.comparison;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
