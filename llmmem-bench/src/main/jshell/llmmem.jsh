// What a JShell session about llmmem wants at hand.
import dev.llmmem.formats.*;
import dev.llmmem.hardware.*;
import dev.llmmem.memory.*;
import dev.llmmem.metrics.*;
import dev.llmmem.metrics.bleu.*;
import dev.llmmem.metrics.chrf.*;
import dev.llmmem.metrics.rouge.*;
import dev.llmmem.metrics.ter.*;
import dev.llmmem.model.*;
import dev.llmmem.units.*;
import dev.llmmem.workload.*;
