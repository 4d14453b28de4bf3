package dev.llmmem.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Estimates jobs whose memory somebody measured on a GPU and published, and says how far off the estimates are. */
final class MeasuredCommand implements Command {

    @Override
    public String name() {
        return "measured";
    }

    @Override
    public String summary() {
        return "compare estimates with published measurements on GPUs";
    }

    @Override
    public String usage() {
        return """
                measured FILE.csv... [--rows] [--json]

                  FILE.csv  published measurements, one a row, with a header: id, source, model, task,
                            weight_dtype, compute_dtype, quantization, optimizer, grad_checkpointing,
                            attention, micro_batch, seq_len, gpus, gpu_model, lora_rank, lora_targets,
                            framework, framework_version, measured_gib, what_was_measured, notes
                  --rows    tell each row, too
                  --json    print one JSON object

                A figure of torch.cuda.max_memory_allocated() is compared with the estimate of what is
                allocated, one of max_memory_reserved() with that of what is reserved, and one of
                nvidia-smi with that of what the device shows. Rows that do not tell their job are
                counted as incomplete; nothing is guessed.
                """;
    }

    @Override
    public int run(List<String> args, PrintStream out) {
        Arguments arguments = Arguments.parse(args, Set.of("--rows", "--json"), Set.of());
        if (arguments.positional().isEmpty()) {
            throw CommandException.usage("no file of measurements is given");
        }
        List<MeasuredOutcome> outcomes = new ArrayList<>();
        for (String name : arguments.positional()) {
            MeasuredRow.read(Path.of(name)).forEach(row -> outcomes.add(MeasuredOutcome.of(row)));
        }
        MeasuredReport report = new MeasuredReport(outcomes);
        if (arguments.has("--json")) {
            out.println(MeasuredJson.of(report, arguments.has("--rows")));
            return 0;
        }
        if (arguments.has("--rows")) {
            outcomes.forEach(outcome -> out.print(MeasuredText.of(outcome)));
            out.println();
        }
        out.print(MeasuredText.of(report));
        return 0;
    }
}
