// What a JShell session about llmmem wants at hand.
import dev.llmmem.formats.*;
import dev.llmmem.hardware.*;
import dev.llmmem.memory.*;
import dev.llmmem.model.*;
import dev.llmmem.units.*;
import dev.llmmem.workload.*;
