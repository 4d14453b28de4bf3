/** Scores of classifiers and regressors, such as those of GLUE and SuperGLUE. */
@CheckReturnValue
@NullMarked
package dev.llmmem.metrics.classification;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
